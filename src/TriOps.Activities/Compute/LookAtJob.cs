using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Compute;

/// <summary>Says from the end file, the heartbeat and the compute target, in this order of trust, whether an attempt has ended, runs or is
/// lost.</summary>
public sealed class LookAtJob(IBlobs blobs, IComputeTarget compute, TimeProvider time) : IActivity<JobAttempt, JobLook>
{
    /// <inheritdoc/>
    public static ActivityName<JobAttempt, JobLook> Name => JobSteps.Look;

    /// <inheritdoc/>
    public async Task<JobLook> Run(JobAttempt input, CancellationToken ct)
    {
        if (await EndOf(input, ct) is { } end) return new(end, Lost: false, Reason: null);

        var heartbeat = await HeartbeatOf(input, ct);
        var report = await compute.ReportAsync(input.JobId, input.Attempt, ct);
        if (report is { State: AttemptState.Queued, Fate: null } && heartbeat is null or { Phase: JobHeartbeat.Queued })
            return new(null, Lost: false, Reason: null, new JobHeartbeat(input.Attempt, time.GetUtcNow(), JobHeartbeat.Queued, 0));
        var silence = Silence(input, heartbeat);
        var seconds = Seconds(input, heartbeat, report.State);
        // A compute target that was itself started anew knows nothing of a process that may well go on.
        var orphaned = report.State == AttemptState.Unknown && heartbeat is not null && silence is null;
        if (report.Fate is null && (report.State is AttemptState.Running or AttemptState.Queued || orphaned))
            return new(null, Lost: silence is not null, silence, heartbeat, seconds);
        // It may have ended well between the two reads: the end file is written before the process goes.
        if (await EndOf(input, ct) is { } late) return new(late, Lost: false, Reason: null);
        var reason = $"attempt {input.Attempt} "
            + $"{report.Reason ?? $"{(report.State == AttemptState.Ended ? "ended without a result" : "is not known to the compute target")}; what it printed is in {JobPaths.Log(input.JobId, input.Attempt)}"}";
        if (!report.IsFinal) return new(null, Lost: true, reason, heartbeat, seconds);
        if (report.State != AttemptState.Ended) await compute.StopAsync(input.JobId, input.Attempt, ct); // It would try for ever.
        return new(new JobEnd(input.JobId, input.Attempt, JobOutcome.Failed, DeviceSeconds: seconds, Error: reason), Lost: false,
        Reason: null, heartbeat);
    }

    private double Seconds(JobAttempt attempt, JobHeartbeat? heartbeat, AttemptState state) =>
        heartbeat is null or { Phase: JobHeartbeat.Queued } ? 0
        : Math.Max(0, ((state == AttemptState.Running ? time.GetUtcNow() : heartbeat.At) - attempt.StartedAt).TotalSeconds);

    private string? Silence(JobAttempt attempt, JobHeartbeat? heartbeat)
    {
        var now = time.GetUtcNow();
        if (heartbeat is null)
            return now - attempt.StartedAt > compute.StartUp
                ? $"attempt {attempt.Attempt} showed no sign of life within {compute.StartUp.TotalSeconds:0} s of its start" : null;
        var last = heartbeat.At > attempt.StartedAt ? heartbeat.At : attempt.StartedAt;
        return now - last > JobTiming.Silence
            ? $"attempt {attempt.Attempt} has been silent for {(now - last).TotalSeconds:0} s (in phase {heartbeat.Phase} at "
            + $"{heartbeat.Progress:P0})" : null;
    }

    /// <summary>The end of this attempt, or the success or failure of an earlier one, which another attempt would only repeat.</summary>
    private async Task<JobEnd?> EndOf(JobAttempt attempt, CancellationToken ct) =>
        await Read<JobEnd>(JobPaths.End(attempt.JobId), ct) is { } end
            && (end.Attempt == attempt.Attempt || end.Outcome is JobOutcome.Succeeded or JobOutcome.Failed) ? end : null;

    private async Task<JobHeartbeat?> HeartbeatOf(JobAttempt attempt, CancellationToken ct) =>
        await Read<JobHeartbeat>(JobPaths.Heartbeat(attempt.JobId), ct) is { } beat && beat.Attempt == attempt.Attempt ? beat : null;

    /// <summary>What a trainer wrote; nothing when it is not there or is no such document, which then shows as silence.</summary>
    private async Task<T?> Read<T>(BlobPath path, CancellationToken ct) where T : class
    {
        try { return await blobs.ReadJsonAsync<T>(path, ct); }
        catch (NotFoundException) { return null; }
        catch (JsonException) { return null; }
        catch (InvalidDataException) { return null; }
    }
}
