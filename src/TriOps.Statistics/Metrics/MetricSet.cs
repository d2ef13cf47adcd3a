namespace TriOps.Statistics.Metrics;

/// <summary>A task's metrics, by name. Metrics that are undefined on the rows (AUC with one class) are absent; outputs that are NaN or
/// infinite make every metric NaN.</summary>
public static class MetricSet
{
    /// <summary>Of a classifier.</summary>
    /// <param name="probabilities">Row-major, rows × classes.</param>
    /// <param name="labels">True classes, 0..classes-1.</param>
    /// <param name="classes">At least 2.</param>
    /// <param name="positiveIndex">The positive class of two; the last when null.</param>
    public static IReadOnlyDictionary<string, double> Classification(float[] probabilities, int[] labels, int classes,
        int? positiveIndex = null) =>
        Of(new ScoredClasses(probabilities, labels, classes, positiveIndex));

    /// <summary>Of a regression.</summary>
    public static IReadOnlyDictionary<string, double> Regression(float[] predictions, float[] truth) =>
        Of(new ScoredNumbers(predictions, truth));

    /// <summary>Each row once.</summary>
    public static IReadOnlyDictionary<string, double> Of(IScoredRows rows)
    {
        var ones = new int[rows.Count];
        Array.Fill(ones, 1);
        return rows.Measure(ones);
    }
}
