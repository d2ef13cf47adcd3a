namespace TriOps.Statistics.Metrics;

/// <summary>The bias-corrected and accelerated bootstrap interval: percentiles of the resampled estimates, moved by how far the estimate
/// lies from their median (bias) and by how its spread changes with its value (acceleration). Second-order accurate, where plain
/// percentiles are not.</summary>
/// <remarks>Efron, JASA 82 (1987) 171; DiCiccio and Efron, Statistical Science 11 (1996) 189, section 2.</remarks>
public static class BcaInterval
{
    /// <summary>The interval.</summary>
    /// <param name="resampled">Estimates on resamples, at least 2.</param>
    /// <param name="estimate">On the rows themselves.</param>
    /// <param name="leftOut">Estimates without one row, or without one group of rows, each. With fewer than 2, and when they do not vary,
    /// there is no acceleration.</param>
    /// <param name="confidence">In (0, 1).</param>
    public static (double Low, double High) Of(IReadOnlyList<double> resampled, double estimate, IReadOnlyList<double> leftOut,
        double confidence)
    {
        double[] sorted = [.. resampled.Order()];
        if (sorted[0] == sorted[^1]) return (sorted[0], sorted[^1]);
        double count = sorted.Length, below = sorted.Count(v => v < estimate) + sorted.Count(v => v == estimate) / 2.0;
        // No resample on one side: as if there were a part of one.
        var bias = Normal.Quantile(Math.Clamp(below / count, 1 / (count + 1), count / (count + 1)));
        var (acceleration, z) = (Acceleration(leftOut), Normal.TwoSided(confidence));
        return (At(sorted, Share(-z)), At(sorted, Share(z)));

        double Share(double side) => 1 - acceleration * (bias + side) is var scale && scale > 0 ? Normal.Cdf(bias + (bias + side) / scale)
            : side < 0 ? 0 : 1;
    }

    /// <summary>The jackknife's skewness: Σ d³ / (6 (Σ d²)^{3/2}), d the mean minus each estimate.</summary>
    public static double Acceleration(IReadOnlyList<double> leftOut)
    {
        if (leftOut.Count < 2) return 0;
        double mean = leftOut.Average(), squares = leftOut.Sum(v => (mean - v) * (mean - v)),
            cubes = leftOut.Sum(v => Math.Pow(mean - v, 3));
        return squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) is var a && double.IsFinite(a) ? a : 0 : 0;
    }

    /// <summary>Linear between order statistics.</summary>
    private static double At(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var (low, part) = ((int)position, position - (int)position);
        return low + 1 < sorted.Length ? sorted[low] + part * (sorted[low + 1] - sorted[low]) : sorted[low];
    }
}
