using TriOps.Core;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Data.Tables;

namespace TriOps.Activities.Evaluations;

/// <summary>Scores a champion on a candidate's test rows. It may know other features and classes: it reads the rows by its own plan's
/// features. One that cannot be scored on this data is noted, not an error.</summary>
public sealed class ChampionOnRows(IBlobs blobs, TestRows test, RunLog runs, ModelRegistry registry)
{
    /// <summary>The champion on the rows, or why not.</summary>
    /// <param name="plan">The candidate's.</param>
    /// <param name="number">The champion's version.</param>
    /// <param name="rows">The test rows in the layout of <paramref name="plan"/>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<(ScoredModel? Scored, string? Note)> ScoreAsync(TrainingPlan plan, int number, TabularData rows, CancellationToken ct)
    {
        try
        {
            var champion = await registry.GetAsync(new(plan.Data.Project, plan.Spec.Model, number), ct);
            if (Mismatch(plan, champion.Artifacts.Signature.Table) is { } note) return (null, note);
            var own = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan((await runs.GetAsync(champion.RunId, ct)).Plan!.Value), ct);
            var seen = own.Features.SequenceEqual(plan.Features) ? rows : await test.ReadAsync(plan with { Features = own.Features }, ct);
            return (await test.ScoreAsync(plan, seen, champion.Artifacts, ct), null);
        }
        catch (TriOpsException e) when (e is InvalidInputException or NotFoundException) { return (null, e.Message); }
    }

    private static string? Mismatch(TrainingPlan plan, TableSignature signature) =>
        (signature.Task == TaskKind.Regression) != (plan.Spec.Task == TaskKind.Regression)
            ? $"it is a model for {signature.Task}, the candidate one for {plan.Spec.Task}."
        : signature.Label != plan.Spec.Label ? $"it predicts '{signature.Label}', the candidate '{plan.Spec.Label}'."
        : plan.Spec.Task != TaskKind.Regression && !signature.Classes.Intersect(plan.Classes).Any()
        ? $"it knows none of the classes {string.Join(", ", plan.Classes)}."
        : null;
}
