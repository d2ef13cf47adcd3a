using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Dashboard.Charts;
using TriOps.Dashboard.Parts;

namespace TriOps.Dashboard.Pages;

/// <summary>What the page of a run shows.</summary>
/// <param name="Run">The run.</param>
/// <param name="Plan">What it follows; null until it is planned, and when it could not be.</param>
/// <param name="Trials">By number.</param>
/// <param name="Steps">Its workflow's.</param>
/// <param name="Instance">Its workflow; null when it was purged.</param>
/// <param name="Version">What was registered from it.</param>
/// <param name="Curves">Of the best trial so far, by metric.</param>
/// <param name="Now">When it was read.</param>
public sealed record RunView(Run Run, TrainingPlan? Plan, IReadOnlyList<Trial> Trials, IReadOnlyList<StepNode> Steps,
    WorkflowInstance? Instance, ModelVersion? Version,
    IReadOnlyList<ChartSeries> Curves, DateTimeOffset Now)
{
    /// <summary>Reads it.</summary>
    public static async Task<RunView> LoadAsync(string id, RunLog runs, IBlobs blobs, ModelRegistry models, IWorkflows workflows,
        TimeProvider time, CancellationToken ct)
    {
        var run = await runs.GetAsync(id, ct);
        var plan = run.Plan is { } planned ? await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(planned), ct) : null;
        var trials = await runs.TrialsAsync(id, ct);
        var version = run.ModelVersion is { } number && plan is not null
            ? await models.GetAsync(new(run.Project, plan.Spec.Model, number), ct) : null;
        var best = Best(run, plan, trials);
        IReadOnlyList<MetricPoint> points = best is null ? [] : await runs.MetricsAsync(id, best.Number, ct);
        var curves = points.GroupBy(p => p.Key).Where(g => g.Count() > 1)
            .Select(g => new ChartSeries(g.Key, [.. g.OrderBy(p => p.Step).Select(p => new ChartPoint(p.Step, p.Value))])).ToList();
        return new(run, plan, trials, await StepNode.LoadAsync(workflows, id, ct), await workflows.FindAsync(id, ct), version, curves,
            time.GetUtcNow());
    }

    /// <summary>The candidate, or the best completed trial so far.</summary>
    public Trial? BestTrial => Best(Run, Plan, Trials);

    private static Trial? Best(Run run, TrainingPlan? plan, IReadOnlyList<Trial> trials) => run.BestTrial is { } chosen
        ? trials.FirstOrDefault(t => t.Number == chosen)
        : trials.Where(t => t.Objective is not null).MaxBy(t => plan is { Maximise: true } ? t.Objective : -t.Objective);
}
