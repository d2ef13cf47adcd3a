namespace TriOps.Statistics.Metrics;

/// <summary>A regression's predictions beside the truth.</summary>
public sealed class ScoredNumbers : IScoredRows
{
    private readonly float[] predictions, truth;

    /// <summary>Prepares the rows.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public ScoredNumbers(float[] predictions, float[] truth)
    {
        if (predictions.Length != truth.Length)
            throw new ArgumentException($"{predictions.Length} predictions do not fit {truth.Length} labels.", nameof(predictions));
        (this.predictions, this.truth) = (predictions, truth);
        Finite = Array.TrueForAll(predictions, float.IsFinite) && Array.TrueForAll(truth, float.IsFinite);
    }

    /// <inheritdoc/>
    public int Count => truth.Length;

    /// <inheritdoc/>
    public bool Finite { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(ReadOnlySpan<int> weights)
    {
        var (rmse, mae, r2) = RegressionMetrics.Compute(predictions, truth, weights);
        var found = new Dictionary<string, double>();
        foreach (var (name, value) in ((string, double?)[])[("rmse", rmse), ("mae", mae), ("r2", r2)])
            if (value is { } v) found[name] = Finite ? v : double.NaN;
        return found;
    }
}
