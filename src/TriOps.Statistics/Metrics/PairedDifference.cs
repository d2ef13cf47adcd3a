using TriOps.Core.Evaluations;
using TriOps.Core.Steps;

namespace TriOps.Statistics.Metrics;

/// <summary>Candidate minus champion on the same rows. Pairing removes what the two have in common, so far smaller differences show than
/// from two separate intervals.</summary>
public static class PairedDifference
{
    /// <summary>The differences of the metrics that both define: DeLong's paired interval for the AUC of two classes
    /// (<see cref="AucInterval"/>), Bonett and Price's for accuracy, bootstrapped ones (BCa, the same resamples for both) for the
    /// others.</summary>
    /// <exception cref="ArgumentException">The two have different numbers of rows.</exception>
    public static IReadOnlyList<MetricEstimate> Of(IScoredRows candidate, IScoredRows champion, double confidence)
    {
        if (candidate.Count != champion.Count)
            throw new ArgumentException($"{candidate.Count} rows cannot be paired with {champion.Count}.", nameof(champion));
        if (candidate.Count == 0) return [];
        var values = Subtract(MetricSet.Of(candidate), MetricSet.Of(champion));
        if (!candidate.Finite || !champion.Finite)
            return [.. values.Select(v => new MetricEstimate(v.Key, double.NaN, double.NaN, double.NaN, candidate.Count))];
        var intervals = new Dictionary<string, (double Low, double High)>(
            Bootstrap.Intervals(candidate.Count, confidence, w => Subtract(candidate.Measure(w), champion.Measure(w))));
        if (candidate is ScoredClasses a && champion is ScoredClasses b) Exact(a, b, confidence, intervals);
        return [.. values.Select(v => intervals.TryGetValue(v.Key, out var i)
            ? new MetricEstimate(v.Key, v.Value, Math.Min(i.Low, v.Value), Math.Max(i.High, v.Value), candidate.Count)
            : new MetricEstimate(v.Key, v.Value, double.NaN, double.NaN, candidate.Count))];
    }

    private static void Exact(ScoredClasses a, ScoredClasses b, double confidence, Dictionary<string, (double, double)> intervals)
    {
        var z = Normal.TwoSided(confidence);
        intervals["accuracy"] = Proportions(a, b, z);
        if (a.Classes != 2 || b.Classes != 2) return;
        if (DeLong.Of(a.PositiveScores, a.Positive) is not { } first || DeLong.Of(b.PositiveScores, b.Positive) is not { } second) return;
        intervals["auc"] = a.PositiveScores.AsSpan().SequenceEqual(b.PositiveScores) ? (0, 0)
            : AucInterval.OfDifference(first, second, confidence);
    }

    /// <summary>McNemar's pairs, as an interval: adjusted Wald, Bonett and Price, Journal of Educational and Behavioral Statistics 37
    /// (2012) 479.</summary>
    private static (double, double) Proportions(ScoredClasses a, ScoredClasses b, double z)
    {
        var (onlyA, onlyB) = (0, 0);
        for (var i = 0; i < a.Count; i++)
            if (a.Right(i) != b.Right(i)) { if (a.Right(i)) onlyA++; else onlyB++; }
        double n = a.Count + 2, p = (onlyA + 1) / n, q = (onlyB + 1) / n;
        var half = z * Math.Sqrt((p + q - (p - q) * (p - q)) / n);
        return (Math.Max(-1, p - q - half), Math.Min(1, p - q + half));
    }

    private static Dictionary<string, double> Subtract(IReadOnlyDictionary<string, double> a, IReadOnlyDictionary<string, double> b) =>
        a.Where(m => b.ContainsKey(m.Key)).ToDictionary(m => m.Key, m => m.Value - b[m.Key]);
}
