namespace TriOps.Core.Compute;

/// <summary>How a job ended.</summary>
public enum JobOutcome { /// <summary>With a result.</summary>
    Succeeded, /// <summary>The input or the parameters are wrong; trying again will not help.</summary>
    Failed, /// <summary>The process died, hung or was evicted; trying again resumes from the last checkpoint.</summary>
    Lost, /// <summary>Stopped because nobody wants its result any more; it is not tried again.</summary>
    Cancelled }

/// <summary>How far a running job is; jobs/{id}/heartbeat.json, written every <see cref="JobTiming.Heartbeat"/>.</summary>
/// <param name="Attempt">Which attempt.</param>
/// <param name="At">When.</param>
/// <param name="Phase"><see cref="Queued"/>, which the compute target says; then, from the trainer: reading, fitting, exporting.</param>
/// <param name="Progress">0..1.</param>
public sealed record JobHeartbeat(int Attempt, DateTimeOffset At, string Phase, double Progress)
{
    /// <summary>The phase of an attempt that was accepted and waits in line: its time limit has not begun.</summary>
    public const string Queued = "queued";
}

/// <summary>How long silence is normal.</summary>
public static class JobTiming
{
    /// <summary>Between two heartbeats.</summary>
    public static TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(2);
    /// <summary>Silence after which a job counts as hung or lost.</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromSeconds(20);
    /// <summary>How long a job may take to show its first heartbeat.</summary>
    public static TimeSpan StartUp { get; } = TimeSpan.FromSeconds(90);
}
