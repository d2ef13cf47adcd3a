namespace TriOps.Statistics.Metrics;

/// <summary>How often each true class was predicted as each class, and what follows from it.</summary>
/// <param name="classes">How many classes, at least 2.</param>
public sealed class ConfusionMatrix(int classes)
{
    private readonly long[] counts = new long[classes * classes];

    /// <summary>Counts a row.</summary>
    public void Add(int truth, int predicted, int weight) => counts[truth * classes + predicted] += weight;

    /// <summary>Rows of true class <paramref name="truth"/> that were predicted as <paramref name="predicted"/>.</summary>
    public long this[int truth, int predicted] => counts[truth * classes + predicted];

    /// <summary>Rows in all.</summary>
    public long Total => counts.Sum();

    /// <summary>Rows of a class.</summary>
    public long True(int of) => Enumerable.Range(0, classes).Sum(p => this[of, p]);

    /// <summary>Rows predicted as a class.</summary>
    public long Predicted(int of) => Enumerable.Range(0, classes).Sum(t => this[t, of]);

    /// <summary>Trace / total.</summary>
    public double? Accuracy => Ratio(Enumerable.Range(0, classes).Sum(c => this[c, c]), Total);

    /// <summary>Mean recall over the classes that occur.</summary>
    /// <remarks>Brodersen et al., ICPR 2010.</remarks>
    public double? BalancedAccuracy => Mean(Enumerable.Range(0, classes).Select(Recall).OfType<double>());

    /// <summary>TP / (TP + FP); null when the class is never predicted.</summary>
    public double? Precision(int of) => Ratio(this[of, of], Predicted(of));

    /// <summary>TP / (TP + FN); null when the class does not occur.</summary>
    public double? Recall(int of) => Ratio(this[of, of], True(of));

    /// <summary>2 TP / (2 TP + FP + FN); null when the class neither occurs nor is predicted.</summary>
    public double? F1(int of) => Ratio(2 * this[of, of], True(of) + Predicted(of));

    /// <summary>A metric averaged over the classes that occur or are predicted; where it is undefined it counts as 0, as in
    /// scikit-learn.</summary>
    public double? Macro(Func<int, double?> metric) =>
        Mean(Enumerable.Range(0, classes).Where(c => True(c) + Predicted(c) > 0).Select(c => metric(c) ?? 0));

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;

    private static double? Mean(IEnumerable<double> values) => values.Any() ? values.Average() : null;
}
