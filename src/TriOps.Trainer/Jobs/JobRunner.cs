using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;

namespace TriOps.Trainer.Jobs;

/// <summary>Runs one attempt of a job: reads its specification, has the handler of its kind do the work, and says how it ended.</summary>
internal sealed class JobRunner(IBlobs blobs, IQueues queues, IEnumerable<IJobHandler> handlers, TimeProvider time,
    ILogger<JobRunner> log)
{
    private const int MaxMessageBytes = 40 * 1024;
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
            var handler = HandlerOf(spec);
            using var span = Span(spec, handler, attempt);
            end = new(jobId, attempt, JobOutcome.Succeeded, await handler.RunAsync(new(spec, attempt, pulse), stop));
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

    private IJobHandler HandlerOf(JobSpec spec) => handlers.FirstOrDefault(h => h.Kind == spec.Work.GetType())
        ?? throw new InvalidInputException("work-unknown",
            $"Job '{spec.Id}' is a {spec.Work.GetType().Name}, which this trainer does not do. Use the trainer that belongs to the host.");

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

    private static Activity? Span(JobSpec spec, IJobHandler handler, int attempt)
    {
        // The start of this attempt, where who started it said so; else the step that planned the job.
        var parent = ActivityContext.TryParse(Environment.GetEnvironmentVariable("TRACEPARENT") ?? spec.TraceParent, null, isRemote: true,
            out var context) ? context : default;
        var span = TriOpsTelemetry.Source.StartActivity("train", ActivityKind.Consumer, parent);
        span?.SetTag("triops.job", spec.Id).SetTag("triops.run", spec.Work.RunId).SetTag("triops.attempt", attempt);
        if (span is not null) handler.Tag(span, spec.Work);
        return span;
    }
}
