using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Families;

namespace TriOps.Training.Tables;

/// <summary>What is predicted from what.</summary>
/// <param name="Task">Kind of label.</param>
/// <param name="Label">The label column's name.</param>
/// <param name="Numbers">Numeric and boolean features, in order.</param>
/// <param name="Categories">Categorical features, in order.</param>
/// <param name="Classes">The label's values, positive class last for a binary task; empty for regression.</param>
/// <param name="Objective">The metric searched for.</param>
public sealed record TrainingProblem(TaskKind Task, string Label, IReadOnlyList<string> Numbers, IReadOnlyList<string> Categories, IReadOnlyList<string> Classes, string Objective)
{
    /// <summary>Raw scores a row: one, or one per class of a multiclass task.</summary>
    public int Scores => Task == TaskKind.Multiclass ? Classes.Count : 1;

    /// <summary>Outputs a row: one per class, or the prediction.</summary>
    public int Outputs => Task == TaskKind.Regression ? 1 : Classes.Count;

    /// <summary>The problem a run's plan fixes.</summary>
    public static TrainingProblem From(TrainingPlan plan) => new(plan.Spec.Task, plan.Spec.Label,
        [.. plan.Features.Where(f => f.Kind is ColumnKind.Number or ColumnKind.Boolean).Select(f => f.Name)],
        [.. plan.Features.Where(f => f.Kind is ColumnKind.Category).Select(f => f.Name)], plan.Classes, plan.Objective);
}
