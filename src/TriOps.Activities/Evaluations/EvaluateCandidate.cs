using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Data.Tables;
using TriOps.Statistics.Metrics;

namespace TriOps.Activities.Evaluations;

/// <summary>Measures the candidate on the test rows, and the champion on the same ones: the data are read once and scored once by each
/// model, then measured slice by slice. The evaluation is stored by its content, so the same candidate gives the same address.</summary>
public sealed class EvaluateCandidate(IBlobs blobs, TestRows test, ChampionOnRows champions, RunLog runs)
    : IActivity<Candidate, EvaluatedCandidate>
{
    /// <inheritdoc/>
    public static ActivityName<Candidate, EvaluatedCandidate> Name => ReleaseSteps.Evaluate;

    /// <inheritdoc/>
    public async Task<EvaluatedCandidate> Run(Candidate input, CancellationToken ct)
    {
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(input.Plan), ct);
        var artifacts = await ArtifactsAsync(input, ct);
        var rows = await test.ReadAsync(plan, ct);
        var mine = await test.ScoreAsync(plan, rows, artifacts, ct);
        var (theirs, note) = input.Champion is { } number ? await champions.ScoreAsync(plan, number, rows, ct) : (null, null);

        var slices = SliceFinder.Find(plan, rows);
        var confidence = plan.Spec.Evaluation.Confidence;
        var evaluation = new Evaluation(input.RunId, input.Trial, plan.Data, Results(mine, slices, confidence, ct), input.Champion,
            theirs is null ? [] : Results(theirs, slices, confidence, ct), theirs is null ? []
            : Difference(mine, theirs, slices, confidence), note);
        return new(input, await blobs.StoreJsonAsync(ModelPaths.Evaluation, evaluation, ct), rows.Rows.Count, slices.Count);
    }

    private async Task<TrialArtifacts> ArtifactsAsync(Candidate candidate, CancellationToken ct)
    {
        var trial = (await runs.TrialsAsync(candidate.RunId, ct)).FirstOrDefault(t => t.Number == candidate.Trial);
        return trial?.Artifacts ?? throw new NotFoundException("trial-without-model",
            $"Trial {candidate.Trial} of run {candidate.RunId} "
            + $"{(trial is null ? "does not exist" : $"is {trial.Status} and left no model")}: there is nothing to evaluate.");
    }

    /// <summary>Intervals are resampled thousands of times: every processor takes slices. What may be wrong with the rows shows before
    /// that, as it is.</summary>
    private static IReadOnlyList<SliceResult> Results(ScoredModel model, IReadOnlyList<Slice> slices, double confidence,
        CancellationToken ct)
    {
        var scored = slices.Select(s => (s.Name, Rows: model.On(s))).ToList();
        return [.. scored.AsParallel().AsOrdered().WithCancellation(ct)
            .Select(s => new SliceResult(s.Name, s.Rows.Count, MetricEstimates.Of(s.Rows, confidence)))];
    }

    private static IReadOnlyList<MetricEstimate> Difference(ScoredModel mine, ScoredModel theirs, IReadOnlyList<Slice> slices,
        double confidence)
    {
        var all = slices.First(s => s.Name == SliceResult.All);
        return PairedDifference.Of(mine.On(all), theirs.On(all), confidence);
    }
}
