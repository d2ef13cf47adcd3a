using System.Runtime.InteropServices;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Training.Tables;

namespace TriOps.Training.Tables.Linear;

/// <summary>Linear, logistic and softmax regression with L1 and L2 penalties. The penalties stand beside the mean loss over
/// standardised features (a regression's target is standardised too). The problem is convex: the seed has no say.</summary>
public sealed class LinearTrainer : IModelTrainer
{
    private const int MaxIterations = 500;
    private const double Tolerance = 1e-5;

    /// <inheritdoc/>
    public ModelFamily Family => ModelFamily.Linear;

    /// <inheritdoc/>
    public FittedModel Fit(FitRequest request, ITrainingProgress progress, ICheckpoints checkpoints, CancellationToken ct)
    {
        var (signature, train) = (request.Signature, request.Train);
        train.CheckLearnable(signature);
        var (l2, l1) = LinearOptions.From(request.Parameters);
        var encoding = Encoder.Learn(signature, train.Rows, NumberTreatment.Standardise);
        var rows = Encoder.Encode(encoding, train.Rows, 0, train.Rows.Count);
        var (mean, deviation) = signature.Task == TaskKind.Regression ? TargetScale.Of(train.Targets) : (0, 1);
        var targets = Array.ConvertAll(train.Targets, t => (float)((t - mean) / deviation));
        var objective = new LinearObjective(signature, rows, targets, l2);
        var spread = Spread(rows);

        var hash = CheckpointHeader.HashOf(request);
        var point = new double[objective.Parameters];
        var header = CheckpointHeader.Restore(checkpoints, Family, hash, progress, state => point = Point(state, point.Length));
        var solver =
            new OwlQn(objective.At, [.. Enumerable.Range(0, point.Length).Select(i => i % (rows.Width + 1) == rows.Width ? 0 : l1)]);
        solver.Start(point);
        var last = Math.Max(1, header.Step);
        for (var step = header.Step + 1; step <= MaxIterations && solver.Advance(Tolerance); step++)
        {
            last = step;
            progress.Log("train/loss", step, solver.Value);
            progress.Report((double)step / MaxIterations);
            if (!checkpoints.Due && !ct.IsCancellationRequested) continue;
            new CheckpointHeader(1, Family, hash, step, step, solver.Value)
                .Save(checkpoints, state => state.Write(MemoryMarshal.AsBytes(solver.Point.AsSpan())));
            ct.ThrowIfCancellationRequested();
        }
        var model = new LinearModel(signature, encoding, Weights(solver.Point, rows.Width, mean, deviation), spread);
        var outputs = model.Predict(request.Validation.Rows);
        progress.Log("validation/loss", last, ValidationLoss.Of(signature, outputs, request.Validation.Targets));
        ValidationMetrics.LogObjective(progress, request, outputs, last);
        progress.Report(1);
        return model;
    }

    private static double[] Point(Stream state, int length)
    {
        var point = new double[length];
        state.ReadExactly(MemoryMarshal.AsBytes(point.AsSpan()));
        return state.ReadByte() < 0 ? point : throw new InvalidDataException($"it has more than {length} parameters");
    }

    // Back to the target's own scale.
    private static float[] Weights(double[] point, int width, double mean, double deviation) =>
        [.. point.Select((w, i) => (float)(w * deviation + (i % (width + 1) == width ? mean : 0)))];

    private static double[] Spread(EncodedRows rows)
    {
        var (sum, squares) = (new double[rows.Width], new double[rows.Width]);
        for (var row = 0; row < rows.Count; row++)
        {
            var x = rows[row];
            for (var j = 0; j < x.Length; j++) { sum[j] += x[j]; squares[j] += (double)x[j] * x[j]; }
        }
        return [.. sum.Select((s, j) => Math.Sqrt(Math.Max(0, squares[j] / rows.Count - s / rows.Count * s / rows.Count)))];
    }
}
