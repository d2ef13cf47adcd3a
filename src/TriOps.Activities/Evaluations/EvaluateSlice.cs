using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Evaluations;

/// <summary>Measures one slice of the test rows with the candidate, and with the champion on the same rows. The champion may know other features and
/// classes: it reads the rows by its own plan's features. One that cannot be scored on this data is noted, not an error.</summary>
public sealed class EvaluateSlice(IBlobs blobs, ScoredTestRows scored, RunLog runs, ModelRegistry registry) : IActivity<SliceRequest, SliceEvaluation>
{
    /// <inheritdoc/>
    public static ActivityName<SliceRequest, SliceEvaluation> Name => TrainSteps.EvaluateSlice;

    /// <inheritdoc/>
    public async Task<SliceEvaluation> Run(SliceRequest input, CancellationToken ct)
    {
        var candidate = input.Candidate;
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(candidate.Plan), ct);
        var test = await scored.RowsAsync(plan, ct);
        var slice = SliceFinder.Get(plan, test, input.Slice);
        var trial = (await runs.TrialsAsync(candidate.RunId, ct)).FirstOrDefault(t => t.Number == candidate.Trial);
        if (trial?.Artifacts is not { } artifacts)
            throw new NotFoundException("trial-without-model", $"Trial {candidate.Trial} of run {candidate.RunId} {(trial is null ? "does not exist" : $"is {trial.Status} and left no model")}: there is nothing to evaluate.");

        var confidence = plan.Spec.Evaluation.Confidence;
        var mine = await ScoreAsync(plan, plan, slice, artifacts, ct);
        var result = new SliceResult(slice.Name, slice.Positions.Count, MetricEstimates.Of(mine, confidence));
        if (candidate.Champion is not { } number) return new(result, null, []);

        var (theirs, note) = await ScoreChampionAsync(plan, number, slice, ct);
        if (theirs is null) return new(result, null, [], note);
        return new(result, new(slice.Name, slice.Positions.Count, MetricEstimates.Of(theirs, confidence)),
            slice.Name == SliceFinder.All ? PairedDifference.Of(mine, theirs, confidence) : []);
    }

    private async Task<(IScoredRows? Rows, string? Note)> ScoreChampionAsync(TrainingPlan plan, int number, Slice slice, CancellationToken ct)
    {
        try
        {
            var champion = await registry.GetAsync(new(plan.Data.Project, plan.Spec.Model, number), ct);
            var signature = champion.Artifacts.Signature;
            if ((signature.Task == TaskKind.Regression) != (plan.Spec.Task == TaskKind.Regression)) return (null, $"it is a model for {signature.Task}, the candidate one for {plan.Spec.Task}.");
            if (signature.Label != plan.Spec.Label) return (null, $"it predicts '{signature.Label}', the candidate '{plan.Spec.Label}'.");
            if (plan.Spec.Task != TaskKind.Regression && !signature.Classes.Intersect(plan.Classes).Any()) return (null, $"it knows none of the classes {string.Join(", ", plan.Classes)}.");
            var own = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan((await runs.GetAsync(champion.RunId, ct)).Plan!.Value), ct);
            var seen = plan with { Features = own.Features }; // the same rows and labels, through the champion's columns
            return (await ScoreAsync(plan, seen, slice, champion.Artifacts, ct), null);
        }
        catch (TriOpsException e) when (e is InvalidInputException or NotFoundException) { return (null, e.Message); }
    }

    private async Task<IScoredRows> ScoreAsync(TrainingPlan plan, TrainingPlan seen, Slice slice, TrialArtifacts artifacts, CancellationToken ct)
    {
        var (test, outputs) = (await scored.RowsAsync(seen, ct), await scored.OutputsAsync(seen, artifacts, ct));
        var width = test.Rows.Count == 0 ? 0 : outputs.Length / test.Rows.Count;
        var picked = new float[slice.Positions.Count * width];
        for (var i = 0; i < slice.Positions.Count; i++) Array.Copy(outputs, slice.Positions[i] * width, picked, i * width, width);
        return ModelOnRows.Scored(plan.Spec.Task, plan.Classes, artifacts.Signature, picked, [.. slice.Positions.Select(p => test.Labels[p])]);
    }
}
