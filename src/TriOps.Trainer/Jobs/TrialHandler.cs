using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Storage;
using TriOps.Data.Tables;
using TriOps.Training;
using TriOps.Training.Tables;

namespace TriOps.Trainer.Jobs;

/// <summary>One trial of a search on a table: reads the plan's rows, fits, and stores the exported model with what it is checked by.</summary>
internal sealed class TrialHandler(IBlobs blobs, RunLog runLog, IJobData data, IEnumerable<IModelTrainer> trainers, FitLimit limit,
    TimeProvider time, ILogger<TrialHandler> log) : JobHandler<TrialWork>
{
    /// <inheritdoc/>
    protected override async Task<JobResult> RunAsync(JobRun run, TrialWork work, CancellationToken stop)
    {
        var trainer = trainers.First(t => t.Family == work.Family);
        var parameters = FamilyCatalogue.Of(work.Family).Space.Resolve(work.Parameters);
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(work.Plan), stop);
        var signature = PlannedSignature.Of(plan);
        var rows = await data.ReadAsync(plan, stop);
        var request = new FitRequest(signature, Table(Part.Train, "training"), Table(Part.Validation, "validation"), plan.Objective,
            parameters, work.Seed);

        run.Pulse.Enter("fitting");
        var checkpoints = new BlobCheckpoints(blobs, time, run.Spec.Id);
        await using var metrics = new MetricStream(runLog, time, log, run.Spec.Id, work, run.Attempt, run.Pulse);
        var began = time.GetTimestamp();
        using var model = await limit.RunAsync(run.Spec, ct => trainer.Fit(request, metrics, checkpoints, ct), stop);
        TrainerMetrics.Fit.Record(time.GetElapsedTime(began).TotalSeconds,
            new KeyValuePair<string, object?>("family", work.Family.ToString()));

        run.Pulse.Enter("exporting");
        var scores = ValidationMetrics.Of(signature, model.Predict(request.Validation.Rows), request.Validation.Targets);
        if (!scores.TryGetValue(plan.Objective, out var objective))
            throw new InvalidInputException("objective-undefined",
                $"The objective '{plan.Objective}' is undefined on the {request.Validation.Rows.Count} validation rows (they may hold one "
                + $"class only). Upload more rows, or choose another objective in triops.yaml.");
        var artifacts =
            await JobArtifacts.StoreAsync(blobs, model, request.Train.Rows, request.Validation.Rows, plan.Spec.Split.Seed, stop);
        return new TrialResult(objective, scores, artifacts);

        TrainingTable Table(Part part, string name) =>
            TrainingTable.From(signature, rows.Select(part, plan.Spec.Split), name);
    }

    /// <inheritdoc/>
    protected override void Tag(Activity span, TrialWork work) =>
        span.SetTag("triops.trial", work.Trial).SetTag("triops.family", work.Family.ToString());
}
