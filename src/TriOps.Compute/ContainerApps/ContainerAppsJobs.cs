using System.Text.Json;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Compute;

/// <summary> Runs each attempt of a job as an execution of a Container Apps job, through Azure Resource Manager. ARM knows no idempotent
/// start, so an attempt's environment is its mark: before a start its executions are looked for, the one that counts is written down once
/// and for all, and any other is stopped.
/// </summary>
/// <remarks>Every call is bounded in time. That an attempt runs is known from its heartbeat; ARM is asked only when that is not
/// fresh.</remarks>
internal sealed class ContainerAppsJobs(ContainerAppsOptions options, JobExecutions executions, IBlobs blobs, TimeProvider time,
    ILogger<ContainerAppsJobs> log) : IComputeTarget
{
    /// <summary>How often a start of which no answer came is looked for before it is asked for again.</summary>
    private const int LooksInDoubt = 3;
    private readonly ExecutionRecords records = new(blobs);

    /// <inheritdoc/>
    public TimeSpan StartUp => options.StartUp;

    /// <inheritdoc/>
    public void RequireProfile(ProfileName profile) => options.Profiles.Get(profile);

    /// <inheritdoc/>
    public async Task StartAsync(string jobId, int attempt, CancellationToken ct)
    {
        var key = new JobKey(jobId, attempt);
        if (await records.FindAsync(key, ct) is not null) return;
        var profile = await ProfileAsync(jobId, ct);
        var patience = executions.For(options.StartPatience);
        var template = await executions.TemplateAsync(profile.Job, key, patience, ct);
        var alone = await records.BeginAsync(key, ct);
        var (looks, unseen) = (alone ? 0 : LooksInDoubt, 0); // unseen: starts of ours of which it is not known what came
        while (true)
        {
            var found = await executions.OfAttemptAsync(profile.Job, key, patience, ct);
            if (Execution.Oldest(found) is { } oldest)
            {
                await DecideAsync(key, profile, oldest.Name, inDoubt: !alone || unseen > found.Count, found, ct);
                return;
            }
            var answer = looks-- > 0 ? null : await executions.StartAsync(profile.Job, template, ct);
            if (answer?.Name is { } name)
            {
                await DecideAsync(key, profile, name, inDoubt: !alone || unseen > 0, [], ct);
                return;
            }
            if (answer?.MayExist == true) (looks, unseen) = (LooksInDoubt, unseen + 1);
            if (answer is not null)
                log.LogWarning("The start of job {Job}, attempt {Attempt}, was answered {Answer}", jobId, attempt,
                    answer.Answer.Describe());
            if (!await patience.WaitAsync(answer?.Answer.RetryAfter, ct))
                throw new ComputeUnavailableException($"the start of job {jobId}, attempt {attempt}", answer?.Answer.Describe()
                    ?? "none that is known of");
        }
    }

    /// <inheritdoc/>
    public async Task<AttemptState> StateAsync(string jobId, int attempt, CancellationToken ct) =>
        (await ReportAsync(jobId, attempt, ct)).State;

    /// <inheritdoc/>
    public async Task<AttemptReport> ReportAsync(string jobId, int attempt, CancellationToken ct)
    {
        var key = new JobKey(jobId, attempt);
        var last = await LastBeatAsync(key, ct);
        var patience = executions.For(options.LookPatience);
        try
        {
            var record = await records.FindAsync(key, ct);
            // A duplicate beats, too: where there may be one, a heartbeat says nothing of it.
            if (record is { InDoubt: true } && time.GetUtcNow() - record.At < options.Doubt)
                await StopOthersAsync(key, record.Job, record.Execution,
                    await executions.OfAttemptAsync(record.Job, key, patience, ct), ct);
            if (last is { } beat && time.GetUtcNow() - beat <= JobTiming.Silence) return new(AttemptState.Running);
            record ??= await RecoverAsync(key, patience, ct);
            return record is null ? new(AttemptState.Unknown) : await ReportAsync(key, record, last is not null, patience, ct);
        }
        catch (ComputeUnavailableException e)
        {
            // Not knowing is no reason to give a job up: its heartbeat, or the lack of it, decides.
            log.LogWarning(e, "Job {Job}, attempt {Attempt}, could not be looked at", jobId, attempt);
            return new(last is null ? AttemptState.Queued : AttemptState.Running);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(string jobId, int attempt, CancellationToken ct)
    {
        var key = new JobKey(jobId, attempt);
        var patience = executions.For(options.StopPatience);
        var record = await records.FindAsync(key, ct);
        if (record is null && !await records.HasBegunAsync(key, ct)) return;
        if (record is not null) await executions.StopAsync(record.Job, record.Execution, patience, ct);
        if (record is null or { InDoubt: true })
        {
            var job = record?.Job ?? (await ProfileAsync(jobId, ct)).Job;
            foreach (var other in await executions.OfAttemptAsync(job, key, patience, ct))
                if (!other.IsOver && other.Name != record?.Execution) await executions.StopAsync(job, other.Name, patience, ct);
        }
    }

    /// <summary>An attempt that left no measure is counted from its execution's start to its end: an upper bound, for it may have waited
    /// for a machine.</summary>
    /// <inheritdoc/>
    public async Task<AttemptBill?> BillAsync(string jobId, int attempt, double measured, CancellationToken ct)
    {
        if (await records.FindAsync(new(jobId, attempt), ct) is not { } record) return null;
        var seconds = measured > 0 ? measured : await DurationAsync(record, ct);
        return new(seconds, options.Profiles.Find(record.Profile)?.PriceOf(seconds));
    }

    private async Task<double> DurationAsync(ExecutionRecord record, CancellationToken ct)
    {
        try
        {
            var execution =
                await executions.FindAsync(record.Job, record.Execution, detailed: false, executions.For(options.LookPatience), ct);
            return execution?.Started is { } started ? Math.Max(0, ((execution.Ended ?? time.GetUtcNow()) - started).TotalSeconds) : 0;
        }
        catch (Exception e) when (e is ComputeUnavailableException or InvalidInputException)
        {
            log.LogWarning(e, "How long execution {Execution} took is not known; it is not in the cost", record.Execution);
            return 0;
        }
    }

    private async Task<AttemptReport> ReportAsync(JobKey key, ExecutionRecord record, bool hasBeaten, Patience patience,
        CancellationToken ct)
    {
        var age = time.GetUtcNow() - record.At;
        var execution = await executions.FindAsync(record.Job, record.Execution, detailed: true, patience, ct);
        if (execution is null)
            return age < options.Lag ? new(AttemptState.Queued)
                : new(AttemptState.Unknown, AttemptFate.Vanished,
                $"has vanished: Azure does not know its execution {record.Execution} any more");
        var where = $" (execution {execution.Name})";
        if (execution.IsOver)
        {
            var (fate, reason) = ExecutionFate.Of(execution, hasBeaten, await TimeoutAsync(record.Job, execution, patience, ct));
            return new(AttemptState.Ended, fate, reason + where);
        }
        if (hasBeaten) return new(AttemptState.Running);
        if (age > options.PullPatience && ExecutionFate.ByWords(execution) is { Fate: AttemptFate.ImagePull } pull)
            return new(AttemptState.Queued, pull.Fate, pull.Reason + where);
        if (!execution.IsWaiting) return new(AttemptState.Running);
        return age <= options.QueueLimit ? new(AttemptState.Queued)
            : new(AttemptState.Queued, AttemptFate.StartUp,
            $"waited {options.QueueLimit.TotalHours:0.#} h for a machine of profile '{record.Profile}' and was given up{where}");
    }

    /// <summary>Makes one execution count, or accepts the one that does; whatever else runs for the attempt is stopped.</summary>
    private async Task<ExecutionRecord> DecideAsync(JobKey key, ComputeProfile profile, string name, bool inDoubt,
        IReadOnlyList<Execution> found, CancellationToken ct)
    {
        var record = await records.DecideAsync(key, profile, name, time.GetUtcNow(), inDoubt, ct);
        if (record.Execution != name && found.All(e => e.Name != name)) found = [.. found, new Execution(name, "", null, null, key, [])];
        // Noted before the others are stopped: should that fail, the next look does it.
        if (!record.InDoubt && (inDoubt || record.Execution != name)) await records.DoubtAsync(key, record, ct);
        await StopOthersAsync(key, profile.Job, record.Execution, found, ct);
        return record;
    }

    private async Task StopOthersAsync(JobKey key, string job, string counts, IReadOnlyList<Execution> found, CancellationToken ct)
    {
        foreach (var other in found.Where(e => e.Name != counts && !e.IsOver))
        {
            log.LogWarning("Execution {Other} of job {Job}, attempt {Attempt}, is stopped: {Counts} counts", other.Name, key.JobId,
                key.Attempt, counts);
            await executions.StopAsync(job, other.Name, executions.For(options.StopPatience), ct);
        }
    }

    /// <summary>A start was noted, and whoever noted it is gone: what it started is found.</summary>
    private async Task<ExecutionRecord?> RecoverAsync(JobKey key, Patience patience, CancellationToken ct)
    {
        if (!await records.HasBegunAsync(key, ct)) return null;
        var profile = await ProfileAsync(key.JobId, ct);
        var found = await executions.OfAttemptAsync(profile.Job, key, patience, ct);
        return Execution.Oldest(found) is { } oldest ? await DecideAsync(key, profile, oldest.Name, inDoubt: true, found, ct) : null;
    }

    private async Task<ComputeProfile> ProfileAsync(string jobId, CancellationToken ct) =>
        options.Profiles.Get((await blobs.ReadJsonAsync<JobSpec>(JobPaths.Spec(jobId), ct)).Profile ?? ProfileName.Default);

    /// <summary>Only asked for where nothing else tells a time-out.</summary>
    private async Task<TimeSpan?> TimeoutAsync(string job, Execution execution, Patience patience, CancellationToken ct) =>
        execution is { Status: "Failed", Causes: [] } ? await executions.TimeoutAsync(job, patience, ct) : null;

    private async Task<DateTimeOffset?> LastBeatAsync(JobKey key, CancellationToken ct)
    {
        try
        {
            return await blobs.ReadJsonAsync<JobHeartbeat>(JobPaths.Heartbeat(key.JobId), ct) is { } beat && beat.Attempt == key.Attempt
                && beat.Phase != JobHeartbeat.Queued ? beat.At : null;
        }
        catch (Exception e) when (e is NotFoundException or JsonException or InvalidDataException) { return null; }
    }
}
