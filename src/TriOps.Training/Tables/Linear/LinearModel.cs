using System.Numerics.Tensors;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;
using TriOps.Training.Tables;

namespace TriOps.Training.Tables.Linear;

/// <summary>A fitted linear, logistic or softmax regression.</summary>
/// <param name="signature">Features and label.</param>
/// <param name="encoding">Of the features.</param>
/// <param name="weights">Per score its weights, then its bias.</param>
/// <param name="spread">Standard deviation of each encoded column over the training rows.</param>
public sealed class LinearModel(TableSignature signature, FeatureEncoding encoding, float[] weights, double[] spread)
    : FittedModel(signature, encoding)
{
    /// <summary>A column's weight times its spread, summed over scores.</summary>
    public override IReadOnlyList<FeatureImportance> Importance
    {
        get
        {
            var shares = new double[Encoding.Width];
            for (var s = 0; s < Signature.Scores; s++)
                for (var j = 0; j < shares.Length; j++) shares[j] += Math.Abs(weights[s * (shares.Length + 1) + j]) * spread[j];
            return ImportanceShares.Of(Signature, Encoder.Origins(Encoding), shares);
        }
    }

    /// <inheritdoc/>
    public override void ExportOnnx(Stream stream)
    {
        var (width, scores) = (Encoding.Width, Signature.Scores);
        var (byColumn, bias) = (new float[width * scores], new float[scores]);
        for (var s = 0; s < scores; s++)
        {
            for (var j = 0; j < width; j++) byColumn[j * scores + s] = weights[s * (width + 1) + j];
            bias[s] = weights[s * (width + 1) + width];
        }
        NetworkExport.Write(stream, Signature, Encoding, [new(byColumn, bias, width, scores)]);
    }

    /// <inheritdoc/>
    protected override double[] Scores(EncodedRows rows)
    {
        var (width, scores) = (rows.Width, Signature.Scores);
        var result = new double[rows.Count * scores];
        for (var row = 0; row < rows.Count; row++)
            for (var s = 0; s < scores; s++)
                result[row * scores + s] = TensorPrimitives.Dot(rows[row], weights.AsSpan(s * (width + 1), width))
                    + weights[s * (width + 1) + width];
        return result;
    }
}
