using MathNet.Numerics;

namespace TriOps.Statistics.Drift;

/// <summary>Pearson's test that two samples of categories come from one distribution.</summary>
/// <param name="Statistic">Σ (observed − expected)² / expected over the 2 × k table.</param>
/// <param name="PValue">Upper tail of χ² with k − 1 degrees of freedom; 1 when fewer than two categories remain.</param>
public readonly record struct ChiSquare(double Statistic, double PValue)
{
    private const double SmallestExpected = 5;

    /// <summary>From counts per category on either side. Categories that are expected fewer than five times on a side are pooled first
    /// (Cochran's rule).</summary>
    public static ChiSquare Of(ReadOnlySpan<long> baseline, ReadOnlySpan<long> window)
    {
        double n = 0, m = 0;
        foreach (var count in baseline) n += count;
        foreach (var count in window) m += count;
        if (n == 0 || m == 0) return new(0, 1);
        var share = Math.Min(n, m) / (n + m);
        var cells = new List<(double A, double B)>();
        var pooled = (A: 0.0, B: 0.0);
        for (var i = 0; i < baseline.Length; i++)
        {
            var (a, b) = ((double)baseline[i], (double)window[i]);
            if ((a + b) * share >= SmallestExpected) cells.Add((a, b)); else pooled = (pooled.A + a, pooled.B + b);
        }
        if (pooled.A + pooled.B > 0) cells.Add(pooled);
        if (cells.Count < 2) return new(0, 1);
        double statistic = 0;
        foreach (var (a, b) in cells)
        {
            double expectedA = (a + b) * n / (n + m), expectedB = (a + b) * m / (n + m);
            statistic += (a - expectedA) * (a - expectedA) / expectedA + (b - expectedB) * (b - expectedB) / expectedB;
        }
        return new(statistic, statistic == 0 ? 1 : SpecialFunctions.GammaUpperRegularized((cells.Count - 1) / 2.0, statistic / 2));
    }
}
