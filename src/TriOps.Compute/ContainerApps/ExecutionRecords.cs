using TriOps.Core.Compute;
using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Compute;

/// <summary>Which execution counts as an attempt; jobs/{id}/execution-{attempt}.json, version 1. The first to be written stands.</summary>
/// <param name="Version">Of the format.</param>
/// <param name="Execution">Its name.</param>
/// <param name="Job">ARM id of its job, as it was then.</param>
/// <param name="Profile">For the price.</param>
/// <param name="At">When it was written.</param>
/// <param name="InDoubt">There may be others.</param>
internal sealed record ExecutionRecord(int Version, string Execution, string Job, ProfileName Profile, DateTimeOffset At, bool InDoubt);

/// <summary>Somebody is about to start an attempt; jobs/{id}/start-{attempt}.json, version 1.</summary>
/// <param name="Version">Of the format.</param>
/// <param name="Starter">New for each start.</param>
internal sealed record StartRecord(int Version, Guid Starter);

/// <summary>What is remembered of executions, in the jobs container.</summary>
internal sealed class ExecutionRecords(IBlobs blobs)
{
    private const int Version = 1;

    /// <summary>The execution that counts, or null.</summary>
    public async Task<ExecutionRecord?> FindAsync(JobKey key, CancellationToken ct)
    {
        var path = JobPaths.Execution(key.JobId, key.Attempt);
        if (await blobs.FindAsync(path, ct) is null) return null;
        var record = await blobs.ReadJsonAsync<ExecutionRecord>(path, ct);
        return record.Version == Version && Compute.Execution.IsName(record.Execution) ? record
            : throw new InvalidDataException($"{path} is version {record.Version} and names '{HostileText.Line(record.Execution)}'; "
            + $"version {Version} is known here. It was written by another version of TriOps.");
    }

    /// <summary>Notes that a start follows. False: somebody noted it before, so an execution may exist.</summary>
    public async Task<bool> BeginAsync(JobKey key, CancellationToken ct)
    {
        var mine = new StartRecord(Version, Guid.NewGuid());
        var path = JobPaths.Start(key.JobId, key.Attempt);
        await blobs.WriteJsonAsync(path, mine, WriteMode.IfAbsent, ct);
        return (await blobs.ReadJsonAsync<StartRecord>(path, ct)).Starter == mine.Starter;
    }

    /// <summary>True: a start was noted.</summary>
    public async Task<bool> HasBegunAsync(JobKey key, CancellationToken ct) =>
        await blobs.FindAsync(JobPaths.Start(key.JobId, key.Attempt), ct) is not null;

    /// <summary>Notes that others may be there. Nothing else of a record ever changes.</summary>
    public Task DoubtAsync(JobKey key, ExecutionRecord record, CancellationToken ct) =>
        blobs.WriteJsonAsync(JobPaths.Execution(key.JobId, key.Attempt), record with { InDoubt = true }, WriteMode.Replace, ct);

    /// <summary>Proposes the execution that counts; the first proposal stands and is returned.</summary>
    public async Task<ExecutionRecord> DecideAsync(JobKey key, ComputeProfile profile, string execution, DateTimeOffset now, bool inDoubt,
        CancellationToken ct)
    {
        await blobs.WriteJsonAsync(JobPaths.Execution(key.JobId, key.Attempt),
            new ExecutionRecord(Version, execution, profile.Job, profile.Name, now, inDoubt), WriteMode.IfAbsent, ct);
        return (await FindAsync(key, ct))!;
    }
}
