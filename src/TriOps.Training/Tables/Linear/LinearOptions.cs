using TriOps.Core.Families;

namespace TriOps.Training.Tables.Linear;

/// <summary>What can be set. Defaults are <see cref="FamilyCatalogue.Linear"/>'s.</summary>
/// <param name="L2">Weight of half the squared weights beside the mean loss, 0..1e6.</param>
/// <param name="L1">Weight of the absolute weights, 0..1e6.</param>
public sealed record LinearOptions(double L2, double L1)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="Core.InvalidInputException">One is out of its bounds (parameter-invalid).</exception>
    public static LinearOptions From(IReadOnlyDictionary<string, double> parameters)
    {
        var p = new Hyperparameters(FamilyCatalogue.Linear, parameters);
        return new(p.Number("l2", 0, 1e6), p.Number("l1", 0, 1e6));
    }
}
