namespace TriOps.Core.Evaluations;

/// <summary>Percentile intervals from resampled rows: seeded, so the same rows give the same interval.</summary>
/// <remarks>Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.</remarks>
public static class Bootstrap
{
    private const int Seed = 20_011;
    private const long Work = 10_000_000; // rows drawn in all

    /// <summary>Resamples for a number of rows: 1,000, fewer above 10,000 rows, never below 200.</summary>
    public static int Resamples(int rows) => (int)Math.Clamp(Work / Math.Max(1, rows), 200, 1000);

    /// <summary>An interval for each metric that <paramref name="measure"/> returns for at least half of the resamples.</summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <param name="measure">The metrics when row i counts weights[i] times.</param>
    public static IReadOnlyDictionary<string, (double Low, double High)> Intervals(int rows, double confidence, Func<int[], IReadOnlyDictionary<string, double>> measure)
    {
        var random = new Random(Seed);
        var weights = new int[rows];
        var samples = new Dictionary<string, List<double>>();
        var resamples = Resamples(rows);
        for (var b = 0; b < resamples; b++)
        {
            Array.Clear(weights);
            for (var i = 0; i < rows; i++) weights[random.Next(rows)]++;
            foreach (var (name, value) in measure(weights))
                if (samples.TryGetValue(name, out var list)) list.Add(value); else samples[name] = [value];
        }
        return samples.Where(s => s.Value.Count >= resamples / 2).ToDictionary(s => s.Key, s => Percentiles(s.Value, confidence));
    }

    private static (double, double) Percentiles(List<double> values, double confidence)
    {
        values.Sort();
        var tail = (1 - confidence) / 2;
        return (At(tail), At(1 - tail));

        double At(double q) // linear between order statistics
        {
            var position = q * (values.Count - 1);
            var (low, part) = ((int)position, position - (int)position);
            return low + 1 < values.Count ? values[low] + part * (values[low + 1] - values[low]) : values[low];
        }
    }
}
