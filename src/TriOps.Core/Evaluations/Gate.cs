using System.Globalization;
using TriOps.Core.Metrics;
using TriOps.Core.Projects;

namespace TriOps.Core.Evaluations;

/// <summary>Holds an evaluation against a pipeline's thresholds and the champion.</summary>
public static class Gate
{
    /// <summary>Every check with what was measured and demanded. A metric that is undefined or NaN never passes; slices are judged from
    /// <see cref="SliceResult.MinRows"/> rows on, by the metrics that are defined on them, and there must be one.</summary>
    public static GateVerdict Decide(GateSpec spec, Evaluation evaluation)
    {
        var checks = new List<GateCheck>();
        var all = evaluation.Slices.First(s => s.Slice == SliceResult.All);
        foreach (var (metric, limit) in spec.Min) checks.Add(AtLeast($"min {metric}", metric, Value(all, metric), limit, ""));
        foreach (var (metric, limit) in spec.Max) checks.Add(AtMost(metric, Value(all, metric), limit));
        foreach (var (metric, limit) in spec.SliceMin) checks.AddRange(InSlices(metric, limit, evaluation));
        if (spec.Champion is { } rule && evaluation.ChampionVersion is { } champion)
            checks.Add(AgainstChampion(rule, champion, evaluation));
        return new(checks.TrueForAll(c => c.Passed), checks);
    }

    /// <summary>A check a slice. Where there is none to judge the rule was not evaluated, which is no reason to pass.</summary>
    private static IEnumerable<GateCheck> InSlices(string metric, double limit, Evaluation evaluation)
    {
        var slices = evaluation.Slices.Where(s => s.Slice != SliceResult.All).ToList();
        var judged = slices.Where(s => s.Rows >= SliceResult.MinRows && s.Metrics.Any(m => m.Name == metric)).ToList();
        if (judged.Count == 0)
            return [new($"slice min {metric}", false, double.NaN, limit,
                $"{metric} in slices is not evaluated: of {slices.Count} slices none has {SliceResult.MinRows} rows and a defined "
                + $"{metric}. Slice by columns that cut the test rows into such ('slices'), test on more rows, or take the rule out.")];
        return judged.Select(s =>
            AtLeast($"slice min {metric} ({s.Slice})", metric, Value(s, metric), limit, $" in {s.Slice}, {s.Rows} rows"));
    }

    private static GateCheck AtLeast(string name, string metric, double value, double limit, string where) =>
        new(name, value >= limit, value, limit, double.IsNaN(value)
            ? $"{metric}{where} is not a number or undefined; at least {Text(limit)} is demanded."
            : $"{metric}{where} is {Text(value)}; at least {Text(limit)} is demanded.");

    private static GateCheck AtMost(string metric, double value, double limit) =>
        new($"max {metric}", value <= limit, value, limit, double.IsNaN(value)
            ? $"{metric} is not a number or undefined; at most {Text(limit)} is allowed."
            : $"{metric} is {Text(value)}; at most {Text(limit)} is allowed.");

    /// <summary>The paired difference, turned so that more is better, against minus the margin. A champion that could not be scored on
    /// these rows is no obstacle: the check says so and passes.</summary>
    private static GateCheck AgainstChampion(ChampionRule rule, int champion, Evaluation evaluation)
    {
        var name = $"champion {rule.Metric}";
        if (evaluation.ChampionNote is { } note) return new(name, true, 0, -rule.Margin, $"Not compared with version {champion}: {note}");
        var sign = MetricCatalogue.Find(rule.Metric)?.Maximise == false ? -1 : 1;
        var difference = evaluation.Difference.FirstOrDefault(d => d.Name == rule.Metric);
        var gain = difference is null ? double.NaN : sign * difference.Value;
        return new(name, gain >= -rule.Margin, gain, -rule.Margin, difference is null || double.IsNaN(gain)
            ? $"{rule.Metric} cannot be compared with version {champion}: it is not a number or undefined for one of the two."
            : $"{rule.Metric} is {Text(Math.Abs(gain))} {(gain >= 0 ? "better" : "worse")} than version {champion}'s on the same "
            + $"{difference.Rows} rows (difference {Text(difference.Value)}, "
              + $"interval {Text(difference.Low)} to {Text(difference.High)}); "
              + $"{(rule.Margin >= 0 ? $"at most {Text(rule.Margin)} worse is allowed" : $"at least {Text(-rule.Margin)} better is demanded")}.");
    }

    private static double Value(SliceResult slice, string metric) =>
        slice.Metrics.FirstOrDefault(m => m.Name == metric)?.Value ?? double.NaN;

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
