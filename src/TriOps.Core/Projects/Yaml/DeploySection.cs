using Cronos;
using TriOps.Core.Names;

namespace TriOps.Core.Projects.Yaml;

/// <summary>Reads a pipeline's deploy part.</summary>
internal static class DeploySection
{
    private static readonly Dictionary<string, Strategy> Strategies = Enum.GetValues<Strategy>()
        .ToDictionary(s => s.ToString().ToLowerInvariant());

    public static DeploySpec Read(Part part, PipelineName pipeline)
    {
        var name = part.Node("name") is null ? DeploymentName.Parse(pipeline.Value) : part.Name<DeploymentName>("name");
        var strategy = part.Word("strategy", [.. Strategies.Keys]) is { } word ? Strategies[word] : Strategy.Canary;
        var hold = part.Time("hold") ?? TimeSpan.FromMinutes(5);
        var (approval, byOther) = Approval(part);
        return new DeploySpec(name ?? DeploymentName.Parse(pipeline.Value), strategy, Steps(part), hold, approval,
            Health(part.Inner("health")), Monitor(part.Inner("monitor")), byOther);
    }

    /// <summary>A duration, or a map of it and of who may approve.</summary>
    private static (TimeSpan? Within, bool ByOther) Approval(Part part)
    {
        if (part.Node("approval") is not YamlMap) return (part.Time("approval"), false);
        var approval = part.Inner("approval");
        if (approval.Node("within") is null)
            approval.Report("within", "'within' is missing: how long to wait for a person. Add it, for example: within: 1h");
        return (approval.Time("within"), approval.Word("by", ["anyone", "other"]) == "other");
    }

    private static List<int> Steps(Part part)
    {
        if (part.Node("steps") is null) return [10, 50];
        var steps = new List<int>();
        foreach (var text in part.Texts("steps"))
            if (int.TryParse(text, out var step) && step is >= 1 and <= 99 && (steps.Count == 0 || step > steps[^1])) steps.Add(step);
            else
            {
                part.Report("steps",
                    $"'{text}' does not fit: canary steps are whole percentages from 1 to 99, each larger than the one before, "
                    + $"like [10, 50].");
                break;
            }
        return steps;
    }

    private static HealthSpec Health(Part part)
    {
        var otherwise = new HealthSpec();
        return new HealthSpec(part.Number("max_error_rate", 0, 1) ?? otherwise.MaxErrorRate, part.Number("max_latency_ratio", 1)
            ?? otherwise.MaxLatencyRatio,
            part.Whole("min_requests", otherwise.MinRequests, 0, 1_000_000));
    }

    private static MonitorSpec Monitor(Part part)
    {
        var schedule = part.Text("schedule") ?? "0 * * * *";
        try { CronExpression.Parse(schedule, CronFormat.Standard); }
        catch (CronFormatException e)
        {
            part.Report("schedule",
                $"'{schedule}' is not a cron expression: {e.Message.TrimEnd('.')}. Write five fields (minute hour day month weekday, "
                + $"UTC), like \"*/5 * * * *\".");
        }
        var retrain = part.Inner("retrain");
        return new MonitorSpec(schedule, part.Whole("min_rows", 100, 1, int.MaxValue), part.Number("threshold", 0, 100)
            ?? 0.2, part.Number("significance", 0, 1) ?? 0.01,
            part.Number("share", 0, 1)
            ?? 0, new RetrainSpec(retrain.Flag("on_drift", false), retrain.Time("cooldown") ?? TimeSpan.FromDays(1),
            retrain.Whole("min_labels", 100, 1, int.MaxValue)));
    }
}
