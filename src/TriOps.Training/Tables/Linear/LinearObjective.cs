using System.Numerics.Tensors;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Training.Tables;

namespace TriOps.Training.Tables.Linear;

/// <summary>Mean loss of a linear model with an L2 penalty, and its gradient. Parameters: per score its weights, then its bias.
/// The loss is logistic, softmax, or half the squared error of the standardised target.</summary>
public sealed class LinearObjective(TableSignature signature, EncodedRows rows, float[] targets, double l2)
{
    private const int ChunkRows = 4096;
    private readonly int scores = signature.Scores;
    private readonly int width = rows.Width;

    /// <summary>Parameters in all.</summary>
    public int Parameters => scores * (width + 1);

    /// <summary>The value at <paramref name="point"/>; the gradient goes into <paramref name="gradient"/>. Chunks are summed in order, so
    /// the result does not depend on the number of threads.</summary>
    public double At(double[] point, double[] gradient)
    {
        var weights = Array.ConvertAll(point, v => (float)v);
        var chunks = (rows.Count + ChunkRows - 1) / ChunkRows;
        var parts = new (double Loss, double[] Gradient)[chunks];
        Parallel.For(0, chunks,
            chunk => parts[chunk] = Chunk(weights, chunk * ChunkRows, Math.Min(ChunkRows, rows.Count - chunk * ChunkRows)));
        Array.Clear(gradient);
        double loss = 0;
        foreach (var part in parts)
        {
            loss += part.Loss;
            TensorPrimitives.Add<double>(gradient, part.Gradient, gradient);
        }
        TensorPrimitives.Divide(gradient, (double)rows.Count, gradient);
        loss /= rows.Count;
        for (var i = 0; i < point.Length; i++)
        {
            if (i % (width + 1) == width) continue; // A bias is not penalised.
            loss += l2 / 2 * point[i] * point[i];
            gradient[i] += l2 * point[i];
        }
        return loss;
    }

    private (double Loss, double[] Gradient) Chunk(float[] weights, int start, int count)
    {
        var gradient = new float[Parameters];
        var z = new double[scores];
        double loss = 0;
        for (var row = start; row < start + count; row++)
        {
            var x = rows[row];
            for (var s = 0; s < scores; s++) z[s] = TensorPrimitives.Dot(x, weights.AsSpan(s * (width + 1), width))
                + weights[s * (width + 1) + width];
            loss += LossAndSlope(z, targets[row]);
            for (var s = 0; s < scores; s++)
            {
                var own = gradient.AsSpan(s * (width + 1), width + 1);
                TensorPrimitives.MultiplyAdd(x, (float)z[s], own[..width], own[..width]);
                own[width] += (float)z[s];
            }
        }
        return (loss, Array.ConvertAll(gradient, v => (double)v));
    }

    // Replaces the scores by the loss's slopes.
    private double LossAndSlope(double[] z, float target)
    {
        switch (signature.Task)
        {
            case TaskKind.Regression:
                z[0] -= target;
                return z[0] * z[0] / 2;
            case TaskKind.Binary:
                var margin = target > 0.5f ? z[0] : -z[0];
                var loss = margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : -margin + Math.Log(1 + Math.Exp(margin));
                z[0] = 1 / (1 + Math.Exp(-z[0])) - target;
                return loss;
            default:
                var max = z.Max();
                double sum = 0;
                for (var s = 0; s < z.Length; s++) sum += Math.Exp(z[s] - max);
                var own = z[(int)target];
                for (var s = 0; s < z.Length; s++) z[s] = Math.Exp(z[s] - max) / sum - (s == (int)target ? 1 : 0);
                return Math.Log(sum) - (own - max);
        }
    }
}
