using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;

namespace TriOps.Data.Tables;

/// <summary>Which rows a row belongs to.</summary>
public enum Part { /// <summary>Fitted on.</summary>
    Train, /// <summary>Compared on, between trials.</summary>
    Validation, /// <summary>Looked at once, by the evaluation.</summary>
    Test }

/// <summary>Rows of a version in a model's layout, with their labels.</summary>
/// <param name="Rows">Features; numbers in <see cref="Experiments.TrainingPlan.Features"/> order, then categories.</param>
/// <param name="Labels">As written in the file.</param>
/// <param name="Hashes">64-bit hash of each row's fields: decides its part.</param>
public sealed record TabularData(FeatureRows Rows, string[] Labels, ulong[] Hashes)
{
    /// <summary>Rows that were left out because their label is missing.</summary>
    public int Unlabelled { get; init; }

    /// <summary>The rows of one part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="split">The shares.</param>
    public TabularData Select(Part part, SplitSpec split) =>
        Take([.. Enumerable.Range(0, Rows.Count).Where(i => PartOf(Hashes[i], split) == part)]);

    /// <summary>The rows at the given positions, in that order.</summary>
    public TabularData Take(IReadOnlyList<int> positions) =>
        new(Rows.Take(positions), [.. positions.Select(p => Labels[p])], [.. positions.Select(p => Hashes[p])]);

    /// <summary>Where a row belongs: its hash, mixed with the seed, as a number in [0, 1) against the cumulated shares.</summary>
    public static Part PartOf(ulong hash, SplitSpec split)
    {
        var mixed = (hash ^ ((ulong)split.Seed * 0x9E3779B97F4A7C15)) * 0xBF58476D1CE4E5B9; // splitmix64's finaliser
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        var u = ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
        return u < split.Train ? Part.Train : u < split.Train + split.Validation ? Part.Validation : Part.Test;
    }
}
