namespace TriOps.Statistics.Metrics;

/// <summary>Metrics of predicted numbers.</summary>
public static class RegressionMetrics
{
    /// <summary>√ mean (ŷ − y)², mean |ŷ − y| and 1 − Σ(ŷ − y)² / Σ(y − ȳ)², in that order.</summary>
    /// <param name="predictions">ŷ.</param>
    /// <param name="truth">y.</param>
    /// <param name="weights">How often each row counts.</param>
    /// <returns>Nulls without rows; r2 is null when y does not vary.</returns>
    public static (double? Rmse, double? Mae, double? R2) Compute(ReadOnlySpan<float> predictions, ReadOnlySpan<float> truth,
        ReadOnlySpan<int> weights)
    {
        long n = 0;
        double squared = 0, absolute = 0, mean = 0;
        for (var i = 0; i < predictions.Length; i++)
        {
            var error = (double)predictions[i] - truth[i];
            n += weights[i];
            squared += weights[i] * error * error;
            absolute += weights[i] * Math.Abs(error);
            mean += (double)weights[i] * truth[i];
        }
        if (n == 0) return (null, null, null);
        mean /= n;
        double spread = 0;
        for (var i = 0; i < truth.Length; i++) spread += weights[i] * (truth[i] - mean) * (truth[i] - mean);
        return (Math.Sqrt(squared / n), absolute / n, spread == 0 ? null : 1 - squared / spread);
    }
}
