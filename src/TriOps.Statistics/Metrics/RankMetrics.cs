namespace TriOps.Statistics.Metrics;

/// <summary>Metrics of how well scores rank positive rows above negative ones. Weights are whole numbers: how often each row
/// counts.</summary>
public static class RankMetrics
{
    /// <summary>Area under the ROC curve: (pairs ranked rightly + half the tied pairs) / all pairs of a positive and a negative
    /// row.</summary>
    /// <returns>0..1, or null when one of the two sides is empty.</returns>
    /// <remarks>The Mann–Whitney statistic; Hanley and McNeil, Radiology 143 (1982) 29.</remarks>
    public static double? Auc(RankOrder order, Func<int, bool> positive, ReadOnlySpan<int> weights)
    {
        long above = 0, negatives = 0; // positives seen so far; negatives in all
        double right = 0;
        for (var i = 0; i < order.Rows.Length;)
        {
            long p = 0, n = 0;
            for (var end = order.TieEnds[i]; i < end; i++)
            {
                var row = order.Rows[i];
                if (positive(row)) p += weights[row]; else n += weights[row];
            }
            right += n * (above + p / 2.0);
            above += p;
            negatives += n;
        }
        return above == 0 || negatives == 0 ? null : right / ((double)above * negatives);
    }

    /// <summary>Average precision: Σ (recall step) × (precision at it), without interpolation; tied scores are one step.</summary>
    /// <returns>0..1, or null without positives.</returns>
    /// <remarks>As scikit-learn's average_precision_score.</remarks>
    public static double? AveragePrecision(RankOrder order, Func<int, bool> positive, ReadOnlySpan<int> weights)
    {
        long found = 0, seen = 0;
        double sum = 0;
        for (var i = 0; i < order.Rows.Length;)
        {
            long p = 0;
            for (var end = order.TieEnds[i]; i < end; i++)
            {
                var row = order.Rows[i];
                seen += weights[row];
                if (positive(row)) p += weights[row];
            }
            found += p;
            if (p > 0) sum += p * ((double)found / seen);
        }
        return found == 0 ? null : sum / found;
    }
}
