using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;

namespace TriOps.Training.Tables;

/// <summary>A model of tables as its trainer has it. Predictions may be asked for from several threads.</summary>
/// <param name="signature">As planned: without category values.</param>
/// <param name="encoding">What was learned of the features.</param>
public abstract class FittedModel(TableSignature signature, FeatureEncoding encoding) : IDisposable
{
    private const int BlockRows = 4096;

    /// <summary>What was learned of the features.</summary>
    protected FeatureEncoding Encoding { get; } = encoding;

    /// <summary>Inputs and outputs, as the exported graph has them.</summary>
    public TableSignature Signature { get; } =
        signature with { CategoryValues = signature.Categories.Zip(encoding.Categories).ToDictionary(p => p.First, p => p.Second) };

    /// <summary>Features by importance, largest first; shares that sum to 1 (or are all 0 when no feature matters).</summary>
    public abstract IReadOnlyList<FeatureImportance> Importance { get; }

    /// <summary>Writes preprocessing and model as one ONNX graph with the inputs and outputs that <see cref="TableSignature"/>
    /// describes.</summary>
    public abstract void ExportOnnx(Stream stream);

    /// <summary>The model's outputs: row-major, rows × <see cref="TableSignature.Outputs"/>; class probabilities or the
    /// prediction.</summary>
    public float[] Predict(FeatureRows rows)
    {
        var outputs = new float[rows.Count * Signature.Outputs];
        for (var start = 0; start < rows.Count; start += BlockRows)
        {
            var count = Math.Min(BlockRows, rows.Count - start);
            var scores = Scores(Encoder.Encode(Encoding, rows, start, count));
            OutputLink.Apply(Signature, scores, outputs.AsSpan(start * Signature.Outputs, count * Signature.Outputs));
        }
        return outputs;
    }

    /// <summary>Raw scores of an encoded block, row-major, rows × <see cref="TableSignature.Scores"/>.</summary>
    protected abstract double[] Scores(EncodedRows rows);

    /// <summary>Frees what is native.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what is native.</summary>
    protected virtual void Dispose(bool disposing) { }
}

/// <summary>From raw scores to outputs.</summary>
public static class OutputLink
{
    /// <summary>Logistic function of one score (both classes' probabilities), softmax of several, or the score itself.</summary>
    /// <param name="signature">Decides which.</param>
    /// <param name="scores">Row-major, rows × <see cref="TableSignature.Scores"/>.</param>
    /// <param name="outputs">Row-major, rows × <see cref="TableSignature.Outputs"/>.</param>
    public static void Apply(TableSignature signature, ReadOnlySpan<double> scores, Span<float> outputs)
    {
        switch (signature.Task)
        {
            case TaskKind.Regression:
                for (var i = 0; i < scores.Length; i++) outputs[i] = (float)scores[i];
                break;
            case TaskKind.Binary:
                for (var i = 0; i < scores.Length; i++) (outputs[2 * i], outputs[2 * i + 1])
                    = ((float)(1 / (1 + Math.Exp(scores[i]))), (float)(1 / (1 + Math.Exp(-scores[i]))));
                break;
            default:
                var k = signature.Scores;
                for (var row = 0; row < scores.Length; row += k)
                {
                    double max = double.NegativeInfinity, sum = 0;
                    for (var j = 0; j < k; j++) max = Math.Max(max, scores[row + j]);
                    for (var j = 0; j < k; j++) sum += Math.Exp(scores[row + j] - max);
                    for (var j = 0; j < k; j++) outputs[row + j] = (float)(Math.Exp(scores[row + j] - max) / sum);
                }
                break;
        }
    }
}
