using TriOps.Core.Datasets;

namespace TriOps.Data.Profiles;

/// <summary>A numeric column's distribution, from one pass.</summary>
/// <param name="sketch">Capacity of the quantile sketch.</param>
internal sealed class NumberStatistics(int sketch)
{
    private const int Bins = 40;
    private static readonly double[] Shares = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
    private readonly QuantileSketch quantiles = new(sketch);
    private Moments moments;

    /// <summary>Adds finite numbers.</summary>
    public void Add(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) return;
        moments = moments.With(Moments.Of(values));
        quantiles.Add(values);
    }

    /// <summary>Adds finite numbers that occurred more than once. Nothing else has been added yet.</summary>
    public void Add(IReadOnlyList<(double Value, long Count)> values)
    {
        moments = Of(values);
        quantiles.Seed(values);
    }

    /// <summary>The distribution; null when no number was added.</summary>
    public NumberProfile? ToProfile()
    {
        if (moments.Count == 0) return null;
        var weighted = quantiles.Weighted();
        var at = new double[Shares.Length];
        for (var i = 0; i < at.Length; i++) at[i] = AtRank(weighted, Math.Max(0, Shares[i] * moments.Count - 1));
        return Profile(moments, at, weighted);
    }

    /// <summary>The distribution of numbers that are all there, with their counts; null when there is none. Quantiles are interpolated
    /// between neighbours, as NumPy does.</summary>
    public static NumberProfile? Exact(IReadOnlyList<(double Value, long Count)> values)
    {
        if (values.Count == 0) return null;
        var (sorted, moments) = (values.OrderBy(v => v.Value).ToArray(), Of(values));
        var at = new double[Shares.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var place = Shares[i] * (moments.Count - 1);
            var (low, high) = (AtRank(sorted, Math.Floor(place)), AtRank(sorted, Math.Ceiling(place)));
            var part = place - Math.Floor(place);
            at[i] = double.IsFinite(high - low) ? low + part * (high - low) : low * (1 - part) + high * part;
        }
        return Profile(moments, at, sorted);
    }

    private static Moments Of(IReadOnlyList<(double Value, long Count)> values)
    {
        var moments = default(Moments);
        foreach (var (value, count) in values) moments = moments.With(Moments.Of(value, count));
        return moments;
    }

    /// <summary>The number at a rank from 0.</summary>
    private static double AtRank((double Value, long Weight)[] sorted, double rank)
    {
        var (passed, at) = (0L, 0);
        while (at < sorted.Length - 1 && (passed += sorted[at].Weight) <= rank) at++;
        return sorted[at].Value;
    }

    private static NumberProfile Profile(Moments moments, double[] quantiles, (double Value, long Weight)[] weighted)
    {
        var (min, max) = (moments.Min, moments.Max);
        (quantiles[0], quantiles[^1]) = (min, max);
        var histogram = new long[min < max ? Bins : 1];
        foreach (var (value, weight) in weighted)
            histogram[min < max ? Math.Clamp((int)((value - min) / (max - min) * Bins), 0, Bins - 1) : 0] += weight;
        return new NumberProfile(min, max, moments.Mean, moments.Deviation, quantiles, histogram);
    }
}
