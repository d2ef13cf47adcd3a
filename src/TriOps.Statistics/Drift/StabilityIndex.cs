namespace TriOps.Statistics.Drift;

/// <summary>The population stability index: Σ (q − p) ln(q / p) over bins, the symmetrised Kullback–Leibler divergence in nats.</summary>
/// <remarks>Siddiqi, Credit Risk Scorecards (2006). Rule of thumb: below 0.1 stable, above 0.2 moved.</remarks>
public static class StabilityIndex
{
    private const int Deciles = 10;

    /// <summary>From counts per bin. A bin that is empty on one side counts as half a row there; a bin that is empty on both counts
    /// nothing.</summary>
    /// <returns>≥ 0; 0 when a side has no rows.</returns>
    public static double Of(ReadOnlySpan<long> baseline, ReadOnlySpan<long> window)
    {
        long n = 0, m = 0;
        foreach (var count in baseline) n += count;
        foreach (var count in window) m += count;
        if (n == 0 || m == 0) return 0;
        double sum = 0;
        for (var i = 0; i < baseline.Length; i++)
        {
            if (baseline[i] == 0 && window[i] == 0) continue;
            double p = Math.Max(baseline[i], 0.5) / n, q = Math.Max(window[i], 0.5) / m;
            sum += (q - p) * Math.Log(q / p);
        }
        return sum;
    }

    /// <summary>From sorted numbers: bins between the baseline's deciles (between and at its values when it has ten or fewer), and one for
    /// missing values.</summary>
    public static double Of(ReadOnlySpan<float> baseline, long baselineMissing, ReadOnlySpan<float> window, long windowMissing)
    {
        var (edges, apart) = Edges(baseline);
        return Of(Count(baseline, baselineMissing, edges, apart), Count(window, windowMissing, edges, apart));
    }

    /// <summary>The values themselves (apart) when there are ten or fewer, else the deciles.</summary>
    private static (float[] Edges, bool Apart) Edges(ReadOnlySpan<float> sorted)
    {
        var distinct = new List<float>();
        foreach (var value in sorted)
        {
            if (distinct.Count == 0 || distinct[^1] != value) distinct.Add(value);
            if (distinct.Count > Deciles) break;
        }
        if (distinct.Count <= Deciles) return ([.. distinct], true);
        distinct.Clear();
        for (var d = 1; d < Deciles; d++)
        {
            var edge = sorted[(int)((long)d * (sorted.Length - 1) / Deciles)];
            if (distinct.Count == 0 || distinct[^1] != edge) distinct.Add(edge);
        }
        return ([.. distinct], false);
    }

    /// <summary>Bin 2e: above edge e−1, up to edge e; bin 2e+1: at edge e, when that is counted apart; last: missing.</summary>
    private static long[] Count(ReadOnlySpan<float> sorted, long missing, float[] edges, bool apart)
    {
        var counts = new long[2 * edges.Length + 2];
        var e = 0;
        foreach (var value in sorted)
        {
            while (e < edges.Length && value > edges[e]) e++;
            counts[apart && e < edges.Length && value == edges[e] ? 2 * e + 1 : 2 * e]++;
        }
        counts[^1] = missing;
        return counts;
    }
}
