using TriOps.Core.Evaluations;

namespace TriOps.Statistics.Metrics;

/// <summary>Metrics with their confidence intervals.</summary>
public static class MetricEstimates
{
    /// <summary>Estimates of every metric that is defined on the rows: DeLong's interval for the AUC of two classes
    /// (<see cref="AucInterval"/>), Wilson's for accuracy and, with two classes, precision and recall; bootstrapped ones (BCa) for the
    /// others. A metric too rarely defined in resamples has the interval (NaN, NaN).</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="confidence">In (0, 1).</param>
    public static IReadOnlyList<MetricEstimate> Of(IScoredRows rows, double confidence)
    {
        if (rows.Count == 0) return [];
        var values = MetricSet.Of(rows);
        if (!rows.Finite) return [.. values.Select(v => new MetricEstimate(v.Key, double.NaN, double.NaN, double.NaN, rows.Count))];
        var intervals =
            new Dictionary<string, (double Low, double High)>(Bootstrap.Intervals(rows.Count, confidence, w => rows.Measure(w)));
        if (rows is ScoredClasses classes) Exact(classes, confidence, intervals);
        return [.. values.Select(v => intervals.TryGetValue(v.Key, out var i)
            ? new MetricEstimate(v.Key, v.Value, Math.Min(i.Low, v.Value), Math.Max(i.High, v.Value), rows.Count)
            : new MetricEstimate(v.Key, v.Value, double.NaN, double.NaN, rows.Count))];
    }

    private static void Exact(ScoredClasses rows, double confidence, Dictionary<string, (double, double)> intervals)
    {
        var ones = new int[rows.Count];
        Array.Fill(ones, 1);
        var matrix = rows.Confusion(ones);
        intervals["accuracy"] = WilsonInterval.Of(Enumerable.Range(0, rows.Classes).Sum(c => matrix[c, c]), matrix.Total, confidence);
        if (rows.Classes > 2) return;
        if (matrix.Predicted(1) > 0) intervals["precision"] = WilsonInterval.Of(matrix[1, 1], matrix.Predicted(1), confidence);
        if (matrix.True(1) > 0) intervals["recall"] = WilsonInterval.Of(matrix[1, 1], matrix.True(1), confidence);
        if (DeLong.Of(rows.PositiveScores, rows.Positive) is { } roc) intervals["auc"] = AucInterval.Of(roc, confidence);
    }
}
