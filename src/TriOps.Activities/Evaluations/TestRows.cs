using TriOps.Core;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Data.Tables;

namespace TriOps.Activities.Evaluations;

/// <summary>A version's test rows, and models on them.</summary>
public sealed class TestRows(TabularReader reader, IScorers scorers)
{
    /// <summary>The rows of the plan's test part, in the layout of its features.</summary>
    /// <exception cref="InvalidInputException">The data do not fit the plan, as <see cref="TabularReader.ReadAsync"/> says.</exception>
    public Task<TabularData> ReadAsync(TrainingPlan plan, CancellationToken ct) => reader.ReadAsync(plan.Manifest, plan, ct, Part.Test);

    /// <summary>The model's outputs on them.</summary>
    /// <param name="plan">Whose classes they are put in terms of.</param>
    /// <param name="rows">In the layout of the model.</param>
    /// <param name="model">Which.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidInputException">The bytes are no model that fits its signature (code model-invalid).</exception>
    public async Task<ScoredModel> ScoreAsync(TrainingPlan plan, TabularData rows, TrialArtifacts model, CancellationToken ct)
    {
        var scorer = await scorers.OpenAsync(model.Files, model.Signature.Table, ct);
        return new(plan, model.Signature.Table, rows.Rows.Count == 0 ? [] : scorer.Score(rows.Rows), rows.Labels);
    }
}
