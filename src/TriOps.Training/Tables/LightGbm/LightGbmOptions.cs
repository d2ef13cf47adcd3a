using TriOps.Core.Families;

namespace TriOps.Training.Tables.LightGbm;

/// <summary>What can be set, with LightGBM's meanings. Defaults are <see cref="FamilyCatalogue.LightGbm"/>'s.</summary>
/// <param name="Leaves">Most leaves of a tree, 2..4096.</param>
/// <param name="LearningRate">Shrinks each tree, 1e-4..1.</param>
/// <param name="Iterations">At most, 1..10000.</param>
/// <param name="MinRowsInLeaf">1..1e6.</param>
/// <param name="FeatureFraction">Columns a tree may see, 0.05..1.</param>
/// <param name="BaggingFraction">Rows an iteration sees, 0.05..1.</param>
/// <param name="L2">Penalty on leaf values, 0..1e6.</param>
public sealed record LightGbmOptions(int Leaves, double LearningRate, int Iterations, int MinRowsInLeaf, double FeatureFraction,
    double BaggingFraction, double L2)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="Core.InvalidInputException">One is out of its bounds (parameter-invalid).</exception>
    public static LightGbmOptions From(IReadOnlyDictionary<string, double> parameters)
    {
        var p = new Hyperparameters(FamilyCatalogue.LightGbm, parameters);
        return new(p.Whole("num_leaves", 2, 4096), p.Number("learning_rate", 1e-4, 1), p.Whole("num_iterations", 1, 10_000),
            p.Whole("min_data_in_leaf", 1, 1_000_000),
            p.Number("feature_fraction", 0.05, 1), p.Number("bagging_fraction", 0.05, 1), p.Number("lambda_l2", 0, 1e6));
    }
}
