namespace TriOps.Statistics.Metrics;

/// <summary>Intervals from resampled rows, bias-corrected and accelerated: seeded, so the same rows give the same interval.</summary>
/// <remarks>Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 14; <see cref="BcaInterval"/>. The acceleration comes
/// from a jackknife that leaves out one row each, or one of 200 groups where there are more rows: Efron and Narasimhan, JCGS 29 (2020)
/// 608.</remarks>
public static class Bootstrap
{
    private const int Seed = 20_011;
    private const long Work = 10_000_000; // rows drawn in all
    private const int MostGroups = 200;

    /// <summary>Resamples for a number of rows: 2,000, as DiCiccio and Efron advise; fewer above 5,000 rows, never below 200.</summary>
    public static int Resamples(int rows) => (int)Math.Clamp(Work / Math.Max(1, rows), 200, 2000);

    /// <summary>An interval for each metric that <paramref name="measure"/> returns for all rows and for at least half of the
    /// resamples.</summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <param name="measure">The metrics when row i counts weights[i] times.</param>
    public static IReadOnlyDictionary<string, (double Low, double High)> Intervals(int rows, double confidence,
        Func<int[], IReadOnlyDictionary<string, double>> measure)
    {
        var weights = new int[rows];
        Array.Fill(weights, 1);
        var estimates = measure(weights);
        var (resampled, leftOut) = (new Dictionary<string, List<double>>(), new Dictionary<string, List<double>>());
        LeaveOut(weights, measure, leftOut);

        var random = new Random(Seed);
        var resamples = Resamples(rows);
        for (var b = 0; b < resamples; b++)
        {
            Array.Clear(weights);
            for (var i = 0; i < rows; i++) weights[random.Next(rows)]++;
            Note(measure(weights), resampled);
        }
        return estimates.Where(e => resampled.TryGetValue(e.Key, out var r) && r.Count >= resamples / 2)
            .ToDictionary(e => e.Key, e => BcaInterval.Of(resampled[e.Key], e.Value, leftOut.GetValueOrDefault(e.Key) ?? [], confidence));
    }

    /// <summary>Measures without each group of rows; the weights are ones before and after.</summary>
    private static void LeaveOut(int[] weights, Func<int[], IReadOnlyDictionary<string, double>> measure,
        Dictionary<string, List<double>> found)
    {
        if (weights.Length < 2) return;
        int[] order = [.. Enumerable.Range(0, weights.Length)];
        new Random(Seed).Shuffle(order); // Neighbouring rows may be alike.
        var groups = Math.Min(MostGroups, weights.Length);
        for (var g = 0; g < groups; g++)
        {
            for (var i = g; i < order.Length; i += groups) weights[order[i]] = 0;
            Note(measure(weights), found);
            for (var i = g; i < order.Length; i += groups) weights[order[i]] = 1;
        }
    }

    private static void Note(IReadOnlyDictionary<string, double> metrics, Dictionary<string, List<double>> found)
    {
        foreach (var (name, value) in metrics)
            if (found.TryGetValue(name, out var list)) list.Add(value); else found[name] = [value];
    }
}
