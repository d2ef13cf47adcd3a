using System.Numerics.Tensors;
using TriOps.Core.Experiments;
using TriOps.Onnx.Exporters;
using TriOps.Training.Tables;

namespace TriOps.Training.Mlp;

/// <summary>A fitted multi-layer perceptron, free of libtorch.</summary>
/// <param name="problem">Features and label.</param>
/// <param name="encoding">Of the features.</param>
/// <param name="layers">ReLU follows each but the last, whose outputs are raw scores.</param>
public sealed class MlpModel(TrainingProblem problem, FeatureEncoding encoding, IReadOnlyList<DenseLayer> layers) : FittedModel(problem, encoding)
{
    private IReadOnlyList<FeatureImportance> importance = [];

    /// <summary>How much the validation loss grows when a feature's values are shuffled among the rows.</summary>
    public override IReadOnlyList<FeatureImportance> Importance => importance;

    /// <summary>Measures <see cref="Importance"/> on at most 1,000 rows.</summary>
    /// <remarks>Breiman, "Random forests", Machine Learning 45, 2001, section 10.</remarks>
    internal MlpModel Measured(TrainingTable table, int seed)
    {
        const int maxRows = 1000;
        var count = Math.Min(table.Rows.Count, maxRows);
        var (numbers, categories) = (Problem.Numbers.Count, Problem.Categories.Count);
        var rows = table.Rows with { Numbers = table.Rows.Numbers[..(count * numbers)], Categories = table.Rows.Categories[..(count * categories)], Count = count };
        var targets = table.Targets.AsSpan(0, count).ToArray();
        var whole = ValidationLoss.Of(Problem, Predict(rows), targets);
        var weights = new double[numbers + categories];
        for (var f = 0; f < weights.Length; f++)
        {
            var order = Enumerable.Range(0, count).ToArray();
            new Random(seed ^ f).Shuffle(order);
            var shuffled = f < numbers
                ? rows with { Numbers = Shuffled(rows.Numbers, numbers, f, order) }
                : rows with { Categories = Shuffled(rows.Categories, categories, f - numbers, order) };
            weights[f] = Math.Max(0, ValidationLoss.Of(Problem, Predict(shuffled), targets) - whole);
        }
        importance = ImportanceShares.Of(Problem, [.. Enumerable.Range(0, weights.Length)], weights);
        return this;
    }

    /// <inheritdoc/>
    public override void ExportOnnx(Stream stream) => NetworkExport.Write(stream, Signature, Encoding, layers);

    /// <inheritdoc/>
    protected override double[] Scores(EncodedRows rows)
    {
        var result = new double[rows.Count * Problem.Scores];
        var (x, y) = (new float[layers.Max(l => Math.Max(l.Inputs, l.Outputs))], new float[layers.Max(l => l.Outputs)]);
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].CopyTo(x);
            foreach (var layer in layers)
            {
                var outputs = y.AsSpan(0, layer.Outputs);
                layer.Bias.CopyTo(outputs);
                for (var i = 0; i < layer.Inputs; i++)
                    if (x[i] != 0) TensorPrimitives.MultiplyAdd(layer.Weights.AsSpan(i * layer.Outputs, layer.Outputs), x[i], outputs, outputs);
                if (layer != layers[^1]) TensorPrimitives.Max(outputs, 0f, outputs);
                outputs.CopyTo(x);
            }
            for (var s = 0; s < Problem.Scores; s++) result[row * Problem.Scores + s] = x[s];
        }
        return result;
    }

    private static T[] Shuffled<T>(T[] values, int columns, int column, int[] order)
    {
        var copy = (T[])values.Clone();
        for (var row = 0; row < order.Length; row++) copy[row * columns + column] = values[order[row] * columns + column];
        return copy;
    }
}
