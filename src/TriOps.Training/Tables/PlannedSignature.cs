using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Training.Tables;

/// <summary>What a run's models will take and give, as far as the plan fixes it.</summary>
public static class PlannedSignature
{
    /// <summary>The signature of every model of the run; its category values are learned by each from its training rows.</summary>
    public static TableSignature Of(TrainingPlan plan) => new(plan.Spec.Task, plan.Spec.Label,
        [.. plan.Features.Where(f => f.Kind is ColumnKind.Number or ColumnKind.Boolean).Select(f => f.Name)],
        [.. plan.Features.Where(f => f.Kind is ColumnKind.Category).Select(f => f.Name)], plan.Classes,
            new Dictionary<string, IReadOnlyList<string>>());
}
