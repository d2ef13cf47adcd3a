namespace TriOps.Statistics.Metrics;

/// <summary>Metrics of the probabilities themselves, row by row.</summary>
public static class ProbabilityMetrics
{
    /// <summary>Probabilities are kept this far from 0 and 1 in <see cref="LogLoss"/>: float's machine epsilon, as scikit-learn does for
    /// 32-bit floats.</summary>
    public const double Epsilon = 1.1920929e-7;

    /// <summary>Bins of the calibration error.</summary>
    public const int Bins = 15;

    /// <summary>−ln of the true class's probability, clipped to [ε, 1−ε]: nats, ≥ 0.</summary>
    /// <param name="probabilities">One row: a probability per class, taken as they are (they sum to 1).</param>
    /// <param name="truth">The true class.</param>
    public static double LogLoss(ReadOnlySpan<float> probabilities, int truth) =>
        -Math.Log(Math.Clamp((double)probabilities[truth], Epsilon, 1 - Epsilon));

    /// <summary>Two classes: (p(positive) − y)², 0..1. More: Σ over the classes of (p − y)², 0..2.</summary>
    /// <remarks>Brier, Monthly Weather Review 78 (1950) 1; for two classes half of it, as usual since.</remarks>
    public static double Brier(ReadOnlySpan<float> probabilities, int truth)
    {
        if (probabilities.Length == 2) { var error = probabilities[1] - (truth == 1 ? 1.0 : 0); return error * error; }
        double sum = 0;
        for (var c = 0; c < probabilities.Length; c++) { var error = probabilities[c] - (c == truth ? 1.0 : 0); sum += error * error; }
        return sum;
    }

    /// <summary>Expected calibration error of the predicted class: Σ over 15 bins of (rows in it / rows) × |accuracy − mean confidence|.
    /// Bins hold equally many rows; rows of one confidence share a bin, so the result does not depend on the order of rows.</summary>
    /// <param name="order">Of the confidences.</param>
    /// <param name="confidence">Per row: the predicted class's probability.</param>
    /// <param name="right">Per row: whether it is the true class.</param>
    /// <param name="weights">How often each row counts.</param>
    /// <returns>0..1, or null without rows.</returns>
    /// <remarks>Guo et al., ICML 2017, with the bins of equal mass of Nixon et al., CVPR Workshops 2019 (adaptive calibration
    /// error).</remarks>
    public static double? CalibrationError(RankOrder order, ReadOnlySpan<float> confidence, ReadOnlySpan<bool> right,
        ReadOnlySpan<int> weights)
    {
        long total = 0, seen = 0;
        foreach (var weight in weights) total += weight;
        if (total == 0) return null;
        Span<double> gap = stackalloc double[Bins]; // Σ (confidence − right)
        for (var i = 0; i < order.Rows.Length;)
        {
            var bin = Math.Min((int)(seen * Bins / total), Bins - 1);
            for (var end = order.TieEnds[i]; i < end; i++)
            {
                var row = order.Rows[i];
                gap[bin] += weights[row] * (confidence[row] - (right[row] ? 1.0 : 0));
                seen += weights[row];
            }
        }
        double sum = 0;
        foreach (var g in gap) sum += Math.Abs(g);
        return sum / total;
    }
}
