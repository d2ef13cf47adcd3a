namespace TriOps.Statistics.Metrics;

/// <summary>The score interval of a proportion.</summary>
/// <remarks>Wilson, JASA 22 (1927) 209; recommended by Brown, Cai and DasGupta, Statistical Science 16 (2001) 101.</remarks>
public static class WilsonInterval
{
    /// <summary>The interval of <paramref name="hits"/> in <paramref name="rows"/> ≥ 1.</summary>
    public static (double Low, double High) Of(long hits, long rows, double confidence)
    {
        double n = rows, p = hits / n, z = Normal.TwoSided(confidence), z2 = z * z;
        var centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = z / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return (hits == 0 ? 0 : Math.Max(0, centre - half), hits == rows ? 1 : Math.Min(1, centre + half));
    }
}
