namespace TriOps.Statistics.Drift;

/// <summary>Correction of many p-values, so that the chance of any false alarm stays what one test's would be.</summary>
/// <remarks>Holm, Scandinavian Journal of Statistics 6 (1979) 65.</remarks>
public static class Holm
{
    /// <summary>The adjusted p-values, in the order given: the i-th smallest of k is max over j ≤ i of min(1, (k − j + 1) p(j)).</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        var adjusted = new double[p.Count];
        var largest = 0.0;
        var rank = 0;
        foreach (var i in Enumerable.Range(0, p.Count).OrderBy(i => p[i]))
            adjusted[i] = largest = Math.Max(largest, Math.Min(1, (p.Count - rank++) * p[i]));
        return adjusted;
    }
}
