using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TriOps.Core.Compute;
using TriOps.Core.Storage;

namespace TriOps.Compute;

/// <summary> Runs each attempt of a job as a child process of the trainer. A trainer outlives a host that crashes; the next host finds it
/// in the <see cref="AttemptFolder"/> and goes on watching it. A host that ends in order kills its trainers: their workflows see them as
/// lost and go on from the last checkpoint. Attempts above the parallel limit wait in line, with a heartbeat in phase
/// <see cref="JobHeartbeat.Queued"/>. A trainer that cannot be run at all fails its job at once, with the reason: another attempt would end
/// the same.
/// </summary>
public sealed class ProcessCompute(ProcessComputeOptions options, AttemptFolder folder, IBlobs blobs, TimeProvider time,
    ILogger<ProcessCompute> log) : BackgroundService, IComputeTarget
{
    private const int CannotExecute = 126, NotFound = 127; // POSIX: what a shell says of a command it could not run.
    private const int MaxLog = 4 * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250), StopGently = TimeSpan.FromSeconds(5),
        LogInterval = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<JobKey, Attempt> attempts = [];
    private readonly Queue<Attempt> line = new();

    private sealed class Attempt(JobKey job, ActivityContext trace)
    {
        public JobKey Job => job;
        public ActivityContext Trace => trace;
        public Process? Process { get; set; }
        public DateTimeOffset? KillAt { get; set; }
        public DateTimeOffset ToldAt { get; set; }
        public long LogLength { get; set; }
        public Core.TriOpsException? Fault { get; set; }
        public bool IsChild { get; set; }
    }

    /// <summary>Attempts that run or wait in line here.</summary>
    public int Running { get { lock (gate) return attempts.Count; } }

    /// <inheritdoc/>
    public Task StartAsync(string jobId, int attempt, CancellationToken ct)
    {
        var job = new JobKey(jobId, attempt);
        lock (gate)
        {
            if (attempts.ContainsKey(job) || folder.HasEnded(job) || AdoptIfAlive(job)) return Task.CompletedTask;
            var added = attempts[job] = new Attempt(job, Activity.Current?.Context ?? default);
            line.Enqueue(added);
            StartNext();
            if (added.Fault is null) return Task.CompletedTask;
            attempts.Remove(job);
            return Task.FromException(added.Fault);
        }
    }

    /// <inheritdoc/>
    public Task<AttemptState> StateAsync(string jobId, int attempt, CancellationToken ct)
    {
        var job = new JobKey(jobId, attempt);
        lock (gate)
            return Task.FromResult(attempts.TryGetValue(job, out var known) ? HasEnded(known) && !CouldNotRun(known) ? AttemptState.Ended
                : AttemptState.Running
                : AdoptIfAlive(job) ? AttemptState.Running
                : folder.HasEnded(job) ? AttemptState.Ended : AttemptState.Unknown);
    }

    /// <inheritdoc/>
    public Task StopAsync(string jobId, int attempt, CancellationToken ct)
    {
        var job = new JobKey(jobId, attempt);
        lock (gate)
        {
            if (!attempts.TryGetValue(job, out var known) && !(AdoptIfAlive(job) && attempts.TryGetValue(job, out known)))
                return Task.CompletedTask;
            if (known.Process is { } process)
            {
                TrainerProcess.Terminate(process);
                known.KillAt ??= time.GetUtcNow() + StopGently;
            }
            else
            {
                attempts.Remove(job); // Still in line; it is passed over when its turn comes.
                folder.MarkEnded(job);
            }
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
            foreach (var job in folder.Started().ToList())
                if (AdoptIfAlive(job))
                    log.LogInformation("Trainer of job {Job}, attempt {Attempt}, is still running and watched again",
                        job.JobId, job.Attempt);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        List<Attempt> running;
        lock (gate)
        {
            running = [.. attempts.Values.Where(a => a.Process is not null)];
            attempts.Clear();
        }
        // Killed, not asked: to save a checkpoint may take longer than a host that ends has. The job goes on with the next host, from the
        // last one.
        foreach (var attempt in running) TrainerProcess.Kill(attempt.Process!);
        foreach (var attempt in running)
        {
            await attempt.Process!.WaitForExitAsync(cancellationToken);
            await FinishAsync(attempt, cancellationToken);
        }
    }

    /// <summary>Looks after the attempts once: ends, kills that are due, logs, the line.</summary>
    public async Task LookAfterAsync(CancellationToken ct)
    {
        List<Attempt> all;
        lock (gate) all = [.. attempts.Values];
        foreach (var attempt in all)
        {
            var now = time.GetUtcNow();
            if (attempt.Fault is { } fault) await FailAsync(attempt, fault.Message, ct);
            else if (attempt.Process is null) await SayQueuedAsync(attempt, now, ct);
            else if (HasEnded(attempt)) await FinishAsync(attempt, ct);
            else if (attempt.KillAt <= now) TrainerProcess.Kill(attempt.Process);
            else if (now - attempt.ToldAt >= LogInterval)
            {
                attempt.ToldAt = now;
                await UploadLogAsync(attempt, ct);
            }
        }
        lock (gate) StartNext();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAfterAsync(stoppingToken);
                await Task.Delay(Interval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception e) { log.LogWarning(e, "Looking after the trainers failed; trying again"); }
        }
    }

    private void StartNext()
    {
        while (attempts.Values.Count(a => a.Process is { HasExited: false }) < options.MaxParallel && line.TryDequeue(out var next))
        {
            if (!attempts.ContainsValue(next)) continue; // Stopped while it waited.
            using var span = Core.Telemetry.TriOpsTelemetry.Source.StartActivity("start trainer", ActivityKind.Producer, next.Trace);
            try { (next.Process, next.IsChild) = (TrainerProcess.Start(options, next.Job, folder), true); }
            catch (Core.TriOpsException e)
            {
                log.LogError(e, "Job {Job}, attempt {Attempt}", next.Job.JobId, next.Job.Attempt);
                next.Fault = e; // Told to who asked for the start, or, when it had to wait, as the job's end.
            }
        }
    }

    /// <summary>Takes over a trainer that an earlier host started.</summary>
    private bool AdoptIfAlive(JobKey job)
    {
        if (attempts.ContainsKey(job)) return true;
        if (folder.FindProcess(job) is { } process)
        {
            attempts[job] = new Attempt(job, default) { Process = process };
            return true;
        }
        if (File.Exists(folder.PidFile(job))) folder.MarkEnded(job);
        return false;
    }

    private async Task FinishAsync(Attempt attempt, CancellationToken ct)
    {
        try { await UploadLogAsync(attempt, ct); }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning(e, "What job {Job} printed could not be stored", attempt.Job.JobId);
        }
        if (CouldNotRun(attempt))
        {
            await FailAsync(attempt,
                $"The trainer could not be run: the shell ended with {attempt.Process!.ExitCode}. What it said is in "
                + $"{JobPaths.Log(attempt.Job.JobId, attempt.Job.Attempt)}. Build the trainer, or say where it is.", ct);
            return;
        }
        Forget(attempt);
    }

    /// <summary>Until its end is written it counts as running.</summary>
    private static bool CouldNotRun(Attempt attempt) =>
        attempt is { IsChild: true, Process: { HasExited: true, ExitCode: CannotExecute or NotFound } };

    /// <summary>The job's end, as its trainer cannot write it.</summary>
    private async Task FailAsync(Attempt attempt, string error, CancellationToken ct)
    {
        await blobs.WriteJsonAsync(JobPaths.End(attempt.Job.JobId),
            new JobEnd(attempt.Job.JobId, attempt.Job.Attempt, JobOutcome.Failed, Error: error), WriteMode.IfAbsent, ct);
        Forget(attempt);
    }

    private void Forget(Attempt attempt)
    {
        lock (gate)
        {
            folder.MarkEnded(attempt.Job);
            attempts.Remove(attempt.Job);
            attempt.Process?.Dispose();
        }
    }

    /// <summary>An earlier host may have died between starting a process and its note. Then ours ended at once, and the other one is
    /// watched.</summary>
    private bool HasEnded(Attempt attempt)
    {
        lock (gate)
        {
            if (attempt.Process is not { HasExited: true }) return false;
            if (folder.FindProcess(attempt.Job) is not { } other) return true;
            attempt.Process.Dispose();
            (attempt.Process, attempt.IsChild) = (other, false);
            return false;
        }
    }

    private async Task UploadLogAsync(Attempt attempt, CancellationToken ct)
    {
        var file = new FileInfo(folder.LogFile(attempt.Job));
        if (!file.Exists || file.Length == attempt.LogLength) return;
        await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(MaxLog, stream.Length), SeekOrigin.End); // A log without end keeps its end.
        attempt.LogLength = file.Length;
        await blobs.WriteAsync(JobPaths.Log(attempt.Job.JobId, attempt.Job.Attempt), stream, WriteMode.Replace, ct);
    }

    private async Task SayQueuedAsync(Attempt attempt, DateTimeOffset now, CancellationToken ct)
    {
        if (now - attempt.ToldAt < LogInterval) return;
        attempt.ToldAt = now;
        await blobs.WriteJsonAsync(JobPaths.Heartbeat(attempt.Job.JobId),
            new JobHeartbeat(attempt.Job.Attempt, now, JobHeartbeat.Queued, 0), WriteMode.Replace, ct);
    }
}
