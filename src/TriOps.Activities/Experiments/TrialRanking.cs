using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Metrics;

namespace TriOps.Activities.Experiments;

/// <summary>Which of a run's trials is the better one. On few rows many reach the same objective: then a second metric decides, then the
/// simpler family, then who came first.</summary>
internal static class TrialRanking
{
    /// <summary>The completed ones that left a model, the best first.</summary>
    public static IEnumerable<Trial> BestFirst(TrainingPlan plan, IEnumerable<Trial> trials)
    {
        var second = SecondMetric(plan.Spec.Task, plan.Objective);
        return trials.Where(t => t is { Status: RunStatus.Completed, Objective: not null, Artifacts: not null })
            .OrderBy(t => plan.Maximise ? -t.Objective!.Value : t.Objective!.Value)
            .ThenBy(t => t.Metrics?.TryGetValue(second, out var loss) == true && double.IsFinite(loss) ? loss : double.PositiveInfinity)
            .ThenBy(t => t.Family) // Declared from the simplest on.
            .ThenBy(t => t.Number);
    }

    /// <summary>A metric of which less is better, and which hardly ever ties.</summary>
    private static string SecondMetric(TaskKind task, string objective) =>
        MetricCatalogue.Of(task).Select(m => m.Name)
            .First(name => name != objective && (name is "log_loss" or "brier" or "rmse" or "mae"));
}
