using TriOps.Core.Families;

namespace TriOps.Training.Tables.Mlp;

/// <summary>What can be set. Defaults are <see cref="FamilyCatalogue.Mlp"/>'s.</summary>
/// <param name="Hidden">Units of a hidden layer, 1..4096.</param>
/// <param name="Layers">Hidden layers, 1..8.</param>
/// <param name="LearningRate">AdamW's, 1e-6..1.</param>
/// <param name="WeightDecay">AdamW's, 0..1.</param>
/// <param name="Dropout">Share of the hidden units left out of a step, 0..0.9.</param>
/// <param name="Epochs">Passes over the rows, at most, 1..1000.</param>
/// <param name="Batch">Rows a step, 1..65536.</param>
public sealed record MlpOptions(int Hidden, int Layers, double LearningRate, double WeightDecay, double Dropout, int Epochs, int Batch)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="Core.InvalidInputException">One is out of its bounds (parameter-invalid).</exception>
    public static MlpOptions From(IReadOnlyDictionary<string, double> parameters)
    {
        var p = new Hyperparameters(FamilyCatalogue.Mlp, parameters);
        return new(p.Whole("hidden", 1, 4096), p.Whole("layers", 1, 8), p.Number("learning_rate", 1e-6, 1), p.Number("weight_decay", 0, 1),
            p.Number("dropout", 0, 0.9), p.Whole("epochs", 1, 1000), p.Whole("batch_size", 1, 65_536));
    }
}
