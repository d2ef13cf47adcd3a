namespace TriOps.Statistics.Metrics;

/// <summary>The variance of areas under ROC curves, and of the difference of two on the same rows.</summary>
/// <remarks>DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837; by midranks as in Sun and Xu, IEEE Signal Processing Letters 21
/// (2014) 1389.</remarks>
public static class DeLong
{
    /// <summary>An area with its structural components: what each positive row and each negative row contributes.</summary>
    /// <param name="Area">0..1.</param>
    /// <param name="Positives">Per positive row, the share of negatives below it.</param>
    /// <param name="Negatives">Per negative row, the share of positives above it.</param>
    public sealed record Components(double Area, double[] Positives, double[] Negatives);

    /// <summary>The components of one model's scores; null when one of the two sides is empty.</summary>
    public static Components? Of(ReadOnlySpan<float> scores, Func<int, bool> positive)
    {
        var (p, n) = (new List<float>(), new List<float>());
        for (var i = 0; i < scores.Length; i++) (positive(i) ? p : n).Add(scores[i]);
        if (p.Count == 0 || n.Count == 0) return null;
        var all = MidRanks([.. p, .. n]);
        var (ofP, ofN) = (MidRanks([.. p]), MidRanks([.. n]));
        var v10 = new double[p.Count];
        var v01 = new double[n.Count];
        for (var i = 0; i < v10.Length; i++) v10[i] = (all[i] - ofP[i]) / n.Count;
        for (var j = 0; j < v01.Length; j++) v01[j] = 1 - (all[p.Count + j] - ofN[j]) / p.Count;
        return new(v10.Average(), v10, v01);
    }

    /// <summary>Var(area); 0 with a single row on both sides, and when every pair is ranked rightly.</summary>
    public static double Variance(Components a) => Covariance(a, a);

    /// <summary>Var(area a − area b) for two models on the same rows.</summary>
    public static double DifferenceVariance(Components a, Components b) => Math.Max(0, Variance(a) + Variance(b) - 2 * Covariance(a, b));

    /// <summary>Cov(area a, area b) for two models on the same rows.</summary>
    public static double Covariance(Components a, Components b) =>
        Sample(a.Positives, b.Positives) / a.Positives.Length + Sample(a.Negatives, b.Negatives) / a.Negatives.Length;

    private static double Sample(double[] x, double[] y)
    {
        if (x.Length < 2) return 0;
        double mx = x.Average(), my = y.Average(), sum = 0;
        for (var i = 0; i < x.Length; i++) sum += (x[i] - mx) * (y[i] - my);
        return sum / (x.Length - 1);
    }

    /// <summary>Ranks from 1, lowest first; equal values share their mean rank.</summary>
    private static double[] MidRanks(float[] values)
    {
        var order = RankOrder.Of(values); // highest first
        var ranks = new double[values.Length];
        for (var i = 0; i < values.Length;)
        {
            var end = order.TieEnds[i];
            var rank = values.Length - (i + end - 1) / 2.0;
            for (; i < end; i++) ranks[order.Rows[i]] = rank;
        }
        return ranks;
    }
}
