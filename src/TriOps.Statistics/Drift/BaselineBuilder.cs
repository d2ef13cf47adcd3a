using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Signatures;

namespace TriOps.Statistics.Drift;

/// <summary>Samples what a model was trained on, for later comparison.</summary>
public static class BaselineBuilder
{
    /// <summary>Most rows of a sample.</summary>
    public const int MaxRows = 10_000;
    private const int Format = 1;

    /// <summary>A uniform sample without replacement, in the rows' order, with the model's outputs on it.</summary>
    /// <param name="signature">The layout of <paramref name="rows"/>.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="score">The model: row-major outputs.</param>
    /// <param name="seed">The same rows and seed give the same sample.</param>
    /// <remarks>Reservoir sampling, algorithm R: Vitter, ACM TOMS 11 (1985) 37.</remarks>
    public static Baseline Build(TableSignature signature, FeatureRows rows, Func<FeatureRows, float[]> score, int seed)
    {
        var sample = rows.Take(Positions(rows.Count, seed));
        return new(Format, signature, sample, score(sample));
    }

    private static int[] Positions(int rows, int seed)
    {
        var random = new Random(seed);
        var reservoir = new int[Math.Min(rows, MaxRows)];
        for (var i = 0; i < rows; i++)
        {
            var slot = i < MaxRows ? i : random.Next(i + 1);
            if (slot < reservoir.Length) reservoir[slot] = i;
        }
        Array.Sort(reservoir);
        return reservoir;
    }
}
