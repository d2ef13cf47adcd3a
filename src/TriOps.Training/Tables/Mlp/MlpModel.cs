using System.Numerics.Tensors;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;
using TriOps.Training.Tables;

namespace TriOps.Training.Tables.Mlp;

/// <summary>A fitted multi-layer perceptron, free of libtorch.</summary>
/// <param name="signature">Features and label.</param>
/// <param name="encoding">Of the features.</param>
/// <param name="layers">ReLU follows each but the last, whose outputs are raw scores.</param>
public sealed class MlpModel(TableSignature signature, FeatureEncoding encoding, IReadOnlyList<DenseLayer> layers)
    : FittedModel(signature, encoding)
{
    private const int MaxMeasuredRows = 1000;
    private IReadOnlyList<FeatureImportance> importance = [];

    /// <summary>How much the validation loss grows when a feature's values are shuffled among the rows.</summary>
    public override IReadOnlyList<FeatureImportance> Importance => importance;

    /// <summary>Measures <see cref="Importance"/> on the first <see cref="MaxMeasuredRows"/> rows.</summary>
    /// <remarks>Breiman, "Random forests", Machine Learning 45, 2001, section 10.</remarks>
    internal MlpModel Measured(TrainingTable table, int seed)
    {
        var rows = table.Rows.First(MaxMeasuredRows);
        var targets = table.Targets[..rows.Count];
        var whole = ValidationLoss.Of(Signature, Predict(rows), targets);
        var weights = new double[Signature.Numbers.Count + Signature.Categories.Count];
        for (var f = 0; f < weights.Length; f++)
        {
            var order = Enumerable.Range(0, rows.Count).ToArray();
            new Random(seed ^ f).Shuffle(order);
            weights[f] = Math.Max(0, ValidationLoss.Of(Signature, Predict(rows.WithShuffled(f, order)), targets) - whole);
        }
        importance = ImportanceShares.Of(Signature, [.. Enumerable.Range(0, weights.Length)], weights);
        return this;
    }

    /// <inheritdoc/>
    public override void ExportOnnx(Stream stream) => NetworkExport.Write(stream, Signature, Encoding, layers);

    /// <inheritdoc/>
    protected override double[] Scores(EncodedRows rows)
    {
        var result = new double[rows.Count * Signature.Scores];
        var (x, y) = (new float[layers.Max(l => Math.Max(l.Inputs, l.Outputs))], new float[layers.Max(l => l.Outputs)]);
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].CopyTo(x);
            foreach (var layer in layers)
            {
                var outputs = y.AsSpan(0, layer.Outputs);
                layer.Bias.CopyTo(outputs);
                for (var i = 0; i < layer.Inputs; i++)
                    if (x[i] != 0)
                        TensorPrimitives.MultiplyAdd(layer.Weights.AsSpan(i * layer.Outputs, layer.Outputs), x[i], outputs, outputs);
                if (layer != layers[^1]) TensorPrimitives.Max(outputs, 0f, outputs);
                outputs.CopyTo(x);
            }
            for (var s = 0; s < Signature.Scores; s++) result[row * Signature.Scores + s] = x[s];
        }
        return result;
    }
}
