using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;
using TriOps.Data.Tables;
using TriOps.Training;
using TriOps.Training.Tables;

namespace TriOps.Trainer.Jobs;

/// <summary>Runs one attempt of a job: reads its specification and rows, fits, stores what came of it, and says so.</summary>
public sealed class JobRunner(IBlobs blobs, IQueues queues, RunLog runLog, IJobData data, IEnumerable<IModelTrainer> trainers,
    TimeProvider time, ILogger<JobRunner> log)
{
    private const int MaxMessageBytes = 40 * 1024;
    /// <summary>How long a fit may take to react to its limit or to a stop before it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    /// <summary>How long the word that the attempt is gone may take.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(3);

    /// <summary>Sees the attempt through to its end, which is written once and for all: the first end of a job stands.</summary>
    /// <param name="jobId">Which job.</param>
    /// <param name="attempt">Which attempt, from 1.</param>
    /// <param name="stop">The process is asked to go: a checkpoint is saved, and the attempt ends without an end, so that another one
    /// resumes. The queue is told that it is lost.</param>
    /// <returns>The end that stands; null when stopped.</returns>
    /// <exception cref="Exception">Anything that is not the user's fault; the attempt then counts as lost.</exception>
    public async Task<JobEnd?> RunAsync(string jobId, int attempt, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        JobEnd end;
        try
        {
            if (await blobs.FindAsync(JobPaths.End(jobId), stop) is not null) return await AnnounceAsync(jobId, stop);
            await using var pulse = new JobPulse(blobs, time, log, jobId, attempt);
            var spec = await ReadSpecAsync(jobId, stop);
            using var span = Span(spec, attempt);
            end = spec.Work switch
            {
                TrialWork trial => await FitAsync(spec, trial, attempt, pulse, stop),
                _ => throw new InvalidInputException("work-unknown",
                $"Job '{jobId}' is a {spec.Work.GetType().Name}, which this trainer does not do. Use the trainer that belongs "
                + $"to the host."),
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogInformation("Attempt {Attempt} of job {Job} was asked to stop; the next attempt resumes from its checkpoint.",
                attempt, jobId);
            TrainerMetrics.Attempts.Add(1, new KeyValuePair<string, object?>("outcome", nameof(JobOutcome.Lost)));
            await SayGoneAsync(jobId, attempt, time.GetElapsedTime(started));
            return null;
        }
        catch (Exception e) when (JobFaults.Explain(e) is { } explanation)
        {
            log.LogWarning(e, "Job {Job} failed.", jobId);
            end = new(jobId, attempt, JobOutcome.Failed, Error: explanation);
        }
        TrainerMetrics.Attempts.Add(1, new KeyValuePair<string, object?>("outcome", end.Outcome.ToString()));
        await blobs.WriteJsonAsync(JobPaths.End(jobId), end with { DeviceSeconds = time.GetElapsedTime(started).TotalSeconds },
            WriteMode.IfAbsent, CancellationToken.None);
        return await AnnounceAsync(jobId, CancellationToken.None);
    }

    private async Task<JobEnd> FitAsync(JobSpec spec, TrialWork work, int attempt, JobPulse pulse, CancellationToken stop)
    {
        var trainer = trainers.First(t => t.Family == work.Family);
        var parameters = FamilyCatalogue.Of(work.Family).Space.Resolve(work.Parameters);
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(work.Plan), stop);
        var signature = PlannedSignature.Of(plan);
        var rows = await data.ReadAsync(plan, stop);
        var request = new FitRequest(signature, Table(Part.Train, "training"), Table(Part.Validation, "validation"), plan.Objective,
            parameters, work.Seed);

        pulse.Enter("fitting");
        var checkpoints = new BlobCheckpoints(blobs, time, spec.Id);
        await using var metrics = new MetricStream(runLog, time, log, spec.Id, work, attempt, pulse);
        var began = time.GetTimestamp();
        using var model = await WithLimitAsync(spec, ct => trainer.Fit(request, metrics, checkpoints, ct), stop);
        TrainerMetrics.Fit.Record(time.GetElapsedTime(began).TotalSeconds,
            new KeyValuePair<string, object?>("family", work.Family.ToString()));

        pulse.Enter("exporting");
        var scores = ValidationMetrics.Of(signature, model.Predict(request.Validation.Rows), request.Validation.Targets);
        if (!scores.TryGetValue(plan.Objective, out var objective))
            throw new InvalidInputException("objective-undefined",
                $"The objective '{plan.Objective}' is undefined on the {request.Validation.Rows.Count} validation rows (they may hold one "
                + $"class only). Upload more rows, or choose another objective in triops.yaml.");
        var artifacts =
            await JobArtifacts.StoreAsync(blobs, model, request.Train.Rows, request.Validation.Rows, plan.Spec.Split.Seed, stop);
        return new(spec.Id, attempt, JobOutcome.Succeeded, new TrialResult(objective, scores, artifacts));

        TrainingTable Table(Part part, string name) =>
            TrainingTable.From(signature, rows.Select(part, plan.Spec.Split), name);
    }

    // On a thread of its own; one that does not react to its limit or to a stop is left behind, and the process ends without it.
    private async Task<FittedModel> WithLimitAsync(JobSpec spec, Func<CancellationToken, FittedModel> fit, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(spec.TimeLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var running =
            Task.Factory.StartNew(() => fit(both.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var over = Task.Delay(Timeout.InfiniteTimeSpan, both.Token);
            if (await Task.WhenAny(running, over) == over
                && await Task.WhenAny(running, Task.Delay(Grace, time, CancellationToken.None)) != running)
                throw new OperationCanceledException($"The fit did not react within {Grace}.", both.Token);
            return await running;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw new InvalidInputException("time-limit",
                $"The fit took longer than its limit of {spec.TimeLimit}. Raise '{ProjectKey.TrialTimeout}' in the pipeline's search, or "
                + $"search smaller models.");
        }
    }

    private async Task<JobSpec> ReadSpecAsync(string jobId, CancellationToken ct)
    {
        JobSpec spec;
        try { spec = await blobs.ReadJsonAsync<JobSpec>(JobPaths.Spec(jobId), ct); }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new InvalidInputException("spec-invalid", $"{JobPaths.Spec(jobId)} is no job specification: {e.Message}", e);
        }
        if (spec.Id != jobId)
            throw new InvalidInputException("spec-invalid",
                $"{JobPaths.Spec(jobId)} is the specification of job '{spec.Id}', not of '{jobId}'.");
        return spec;
    }

    // The end that stands, on the queue. One too long for a message is left to be found: the workflow looks for itself, too.
    private async Task<JobEnd> AnnounceAsync(string jobId, CancellationToken ct)
    {
        var end = await blobs.ReadJsonAsync<JobEnd>(JobPaths.End(jobId), ct);
        var message = JsonSerializer.Serialize(end, TriOpsJson.Options);
        if (System.Text.Encoding.UTF8.GetByteCount(message) <= MaxMessageBytes) await queues.SendAsync(Queues.JobEvents, message, ct);
        return end;
    }

    // Not the job's end: only so that its workflow need not wait for silence. Where it cannot be said, silence says it.
    private async Task SayGoneAsync(string jobId, int attempt, TimeSpan ran)
    {
        var gone =
            new JobEnd(jobId, attempt, JobOutcome.Lost, DeviceSeconds: ran.TotalSeconds,
            Error: $"attempt {attempt} was asked to go by its machine; the next resumes from its last checkpoint");
        using var limit = new CancellationTokenSource(LastWord, time);
        try { await queues.SendAsync(Queues.JobEvents, JsonSerializer.Serialize(gone, TriOpsJson.Options), limit.Token); }
        catch (Exception e) { log.LogWarning(e, "Job {Job}: that attempt {Attempt} is gone could not be said.", jobId, attempt); }
    }

    private static Activity? Span(JobSpec spec, int attempt)
    {
        // The start of this attempt, where who started it said so; else the step that planned the job.
        var parent = ActivityContext.TryParse(Environment.GetEnvironmentVariable("TRACEPARENT") ?? spec.TraceParent, null, isRemote: true,
            out var context) ? context : default;
        var span = TriOpsTelemetry.Source.StartActivity("train", ActivityKind.Consumer, parent);
        span?.SetTag("triops.job", spec.Id).SetTag("triops.run", spec.Work.RunId).SetTag("triops.attempt", attempt);
        if (spec.Work is TrialWork trial) span?.SetTag("triops.trial", trial.Trial).SetTag("triops.family", trial.Family.ToString());
        return span;
    }
}
