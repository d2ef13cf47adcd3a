namespace TriOps.Statistics.Metrics;

/// <summary>Rows with a model's outputs and the truth, prepared so that the metrics under any weights cost one pass.</summary>
public interface IScoredRows
{
    /// <summary>Rows.</summary>
    int Count { get; }

    /// <summary>False when an output is NaN or infinite: every metric is then NaN.</summary>
    bool Finite { get; }

    /// <summary>The metrics that are defined when row i counts <paramref name="weights"/>[i] times.</summary>
    IReadOnlyDictionary<string, double> Measure(ReadOnlySpan<int> weights);
}
