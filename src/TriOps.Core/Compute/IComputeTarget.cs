using TriOps.Core.Names;

namespace TriOps.Core.Compute;

/// <summary>Runs jobs somewhere: a child process, or a container job's execution. Every call may be repeated.</summary>
public interface IComputeTarget
{
    /// <summary>How long an attempt that is not queued may take to show its first heartbeat.</summary>
    TimeSpan StartUp => JobTiming.StartUp;

    /// <summary>Makes sure, before a run begins, that jobs of a profile can run here. Where every job runs on the same machine, any profile
    /// can.</summary>
    /// <exception cref="InvalidInputException">They cannot (code compute-profile-unknown).</exception>
    void RequireProfile(ProfileName profile) { }

    /// <summary>Starts an attempt. Idempotent: an attempt that was started is not started again.</summary>
    /// <exception cref="InvalidInputException">It can never start: trying again will not help.</exception>
    Task StartAsync(string jobId, int attempt, CancellationToken ct);

    /// <summary>Where an attempt stands.</summary>
    Task<AttemptState> StateAsync(string jobId, int attempt, CancellationToken ct);

    /// <summary>Where an attempt stands and, if it cannot go on, why: as much as the target can tell.</summary>
    async Task<AttemptReport> ReportAsync(string jobId, int attempt, CancellationToken ct) => new(await StateAsync(jobId, attempt, ct));

    /// <summary>Stops an attempt; nothing happens if it has ended.</summary>
    Task StopAsync(string jobId, int attempt, CancellationToken ct);

    /// <summary>What an attempt took of the devices, and its price; null where the target does not count: then what the trainer measured
    /// stands.</summary>
    /// <param name="jobId">Which job.</param>
    /// <param name="attempt">Which attempt, from 1.</param>
    /// <param name="measured">Seconds the trainer measured, 0 or more; used when the target has no times of its own.</param>
    /// <param name="ct">Cancels.</param>
    Task<AttemptBill?> BillAsync(string jobId, int attempt, double measured, CancellationToken ct) => Task.FromResult<AttemptBill?>(null);
}
