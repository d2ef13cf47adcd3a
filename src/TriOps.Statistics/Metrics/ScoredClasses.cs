namespace TriOps.Statistics.Metrics;

/// <summary>A classifier's probabilities beside the true classes.</summary>
public sealed class ScoredClasses : IScoredRows
{
    private readonly int[] labels, predicted;
    private readonly bool[] right;
    private readonly float[] confidence;
    private readonly double[] logLoss, brier;
    private readonly RankOrder byConfidence;
    private readonly RankOrder[] byClass; // two classes: only the positive's

    /// <summary>Prepares the rows.</summary>
    /// <param name="probabilities">Row-major, rows × classes.</param>
    /// <param name="labels">True classes, 0..classes-1.</param>
    /// <param name="classes">At least 2.</param>
    /// <param name="positive">The positive class of two; the last when null. Of no matter with more.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a label is no class.</exception>
    public ScoredClasses(float[] probabilities, int[] labels, int classes, int? positive = null)
    {
        if (classes < 2 || probabilities.Length != labels.Length * classes)
            throw new ArgumentException($"{probabilities.Length} probabilities do not fit {labels.Length} rows of {classes} classes.",
                nameof(probabilities));
        foreach (var label in labels)
            if ((uint)label >= (uint)classes) throw new ArgumentException($"Label {label} is none of {classes} classes.", nameof(labels));
        if (classes == 2 && positive == 0) // the positive class is always the last in here
            (probabilities, labels) = (Swapped(probabilities), [.. labels.Select(l => 1 - l)]);
        (this.labels, Classes, Finite) = (labels, classes, Array.TrueForAll(probabilities, float.IsFinite));
        (predicted, right, confidence) = (new int[labels.Length], new bool[labels.Length], new float[labels.Length]);
        (logLoss, brier) = (new double[labels.Length], new double[labels.Length]);
        for (var i = 0; i < labels.Length; i++)
        {
            var row = probabilities.AsSpan(i * classes, classes);
            for (var c = 1; c < classes; c++)
                if (row[c] > row[predicted[i]] || (classes == 2 && row[c] == row[0])) predicted[i] = c; // p = 0.5 counts as positive
            (right[i], confidence[i]) = (predicted[i] == labels[i], row[predicted[i]]);
            (logLoss[i], brier[i]) = (ProbabilityMetrics.LogLoss(row, labels[i]), ProbabilityMetrics.Brier(row, labels[i]));
        }
        byConfidence = RankOrder.Of(confidence);
        byClass = classes == 2 ? [RankOrder.Of(Column(probabilities, 1))]
            : [.. Enumerable.Range(0, classes).Select(c => RankOrder.Of(Column(probabilities, c)))];
        PositiveScores = classes == 2 ? Column(probabilities, 1) : [];
    }

    /// <summary>How many classes.</summary>
    public int Classes { get; }

    /// <inheritdoc/>
    public int Count => labels.Length;

    /// <inheritdoc/>
    public bool Finite { get; }

    /// <summary>Per row, two classes only: the positive class's probability.</summary>
    internal float[] PositiveScores { get; }

    /// <summary>Per row, two classes only: whether it is positive.</summary>
    internal bool Positive(int row) => labels[row] == 1;

    /// <summary>Per row: whether the most probable class is the true one.</summary>
    internal bool Right(int row) => right[row];

    /// <summary>The counts behind accuracy, precision and recall.</summary>
    internal ConfusionMatrix Confusion(ReadOnlySpan<int> weights)
    {
        var matrix = new ConfusionMatrix(Classes);
        for (var i = 0; i < labels.Length; i++) matrix.Add(labels[i], predicted[i], weights[i]);
        return matrix;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(ReadOnlySpan<int> weights)
    {
        var found = new Dictionary<string, double>();
        var matrix = Confusion(weights);
        Put("accuracy", matrix.Accuracy);
        Put("balanced_accuracy", matrix.BalancedAccuracy);
        Put("precision", Classes == 2 ? matrix.Precision(1) : matrix.Macro(matrix.Precision));
        Put("recall", Classes == 2 ? matrix.Recall(1) : matrix.Macro(matrix.Recall));
        Put("f1", Classes == 2 ? matrix.F1(1) : matrix.Macro(matrix.F1));
        Put("auc", Auc(weights));
        if (Classes == 2) Put("average_precision", RankMetrics.AveragePrecision(byClass[0], Positive, weights));
        Put("log_loss", Mean(logLoss, weights));
        Put("brier", Mean(brier, weights));
        Put("ece", ProbabilityMetrics.CalibrationError(byConfidence, confidence, right, weights));
        return found;

        void Put(string name, double? value) { if (value is { } v) found[name] = Finite ? v : double.NaN; }
    }

    /// <summary>Two classes: the area; more: the mean of each class against the rest, over the classes that occur.</summary>
    private double? Auc(ReadOnlySpan<int> weights)
    {
        if (Classes == 2) return RankMetrics.Auc(byClass[0], Positive, weights);
        var (sum, count) = (0.0, 0);
        for (var c = 0; c < Classes; c++)
        {
            var of = c;
            if (RankMetrics.Auc(byClass[c], row => labels[row] == of, weights) is { } area) { sum += area; count++; }
        }
        return count == 0 ? null : sum / count;
    }

    private static double? Mean(double[] values, ReadOnlySpan<int> weights)
    {
        var (sum, n) = (0.0, 0L);
        for (var i = 0; i < values.Length; i++) { sum += weights[i] * values[i]; n += weights[i]; }
        return n == 0 ? null : sum / n;
    }

    private float[] Column(float[] probabilities, int c) => [.. Enumerable.Range(0, Count).Select(i => probabilities[i * Classes + c])];

    private static float[] Swapped(float[] pairs)
    {
        var swapped = new float[pairs.Length];
        for (var i = 0; i < pairs.Length; i++) swapped[i] = pairs[i ^ 1];
        return swapped;
    }
}
