using TriOps.Core.Compute;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>The workflow that sees one job through: start, wait by event first and by looking second, retry what was lost.</summary>
public static class JobSteps
{
    /// <summary>The whole of it. Its instance id is the job's id.</summary>
    public static readonly WorkflowName<JobRequest, JobEnd> Workflow = new("RunJob");

    /// <summary>Raised by the job-events queue; and, as <see cref="Cancel"/>, by the workflow that wants the job to end.</summary>
    public static readonly EventName<JobEnd> Ended = new("job-ended");

    /// <summary>The word with which whoever started a job calls it off: the attempt that runs is stopped, and the job ends as
    /// cancelled.</summary>
    public static JobEnd Cancel(string jobId, string reason) => new(jobId, Attempt: 0, JobOutcome.Cancelled, Error: reason);

    /// <summary>Starts an attempt on the compute target. Refused once the job's run has ended.</summary>
    public static readonly ActivityName<JobAttempt, Done> Start = new("StartJob", Retry.Standard);
    /// <summary>Looks at heartbeat, end file and process.</summary>
    public static readonly ActivityName<JobAttempt, JobLook> Look = new("LookAtJob", Retry.Standard);
    /// <summary>Stops an attempt.</summary>
    public static readonly ActivityName<JobAttempt, Done> Stop = new("StopJob", Retry.Standard);
}

/// <summary>A job whose specification is stored.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Trial">The trial it runs, for the status.</param>
/// <param name="TimeLimit">Of one attempt.</param>
/// <param name="MaxAttempts">Attempts in all when attempts are lost.</param>
/// <param name="Running">The attempt that is under way when the workflow continues as new; null at first.</param>
/// <param name="LostSeconds">Device time of the attempts before it.</param>
public sealed record JobRequest(string JobId, int Trial, TimeSpan TimeLimit, int MaxAttempts = 3, JobAttempt? Running = null,
    double LostSeconds = 0);

/// <summary>One attempt, and when it was started.</summary>
public sealed record JobAttempt(string JobId, int Attempt, DateTimeOffset StartedAt);

/// <summary>What a look at a job shows.</summary>
/// <param name="End">Its end, if it has come to one.</param>
/// <param name="Lost">True: no end, and the process is gone or silent for longer than <see cref="JobTiming.Silence"/>.</param>
/// <param name="Reason">Why it counts as lost.</param>
/// <param name="Heartbeat">This attempt's latest, or null.</param>
/// <param name="DeviceSeconds">How long the attempt has had its device, as far as shows: from its start to now while it runs, else to its
/// last heartbeat.</param>
public sealed record JobLook(JobEnd? End, bool Lost, string? Reason, JobHeartbeat? Heartbeat = null, double DeviceSeconds = 0);
