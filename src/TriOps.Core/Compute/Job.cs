using TriOps.Core.Content;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Names;

namespace TriOps.Core.Compute;

/// <summary>What a trainer is asked to do; jobs/{id}/spec.json. Version 1.</summary>
/// <param name="Version">Of the format: 1; another is refused.</param>
/// <param name="Id">Also the instance id of the workflow that waits for it.</param>
/// <param name="Kind">"fit-tabular".</param>
/// <param name="RunId">The run its metrics belong to.</param>
/// <param name="Trial">The trial's number.</param>
/// <param name="Plan">models/plans/{id}.json.</param>
/// <param name="Family">What to fit.</param>
/// <param name="Parameters">With which hyperparameters.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="TimeLimit">After which the job is stopped.</param>
/// <param name="TraceParent">W3C trace context of the workflow, or null.</param>
/// <param name="Profile">On which kind of machine; null: <see cref="ProfileName.Default"/>.</param>
public sealed record JobSpec(int Version, string Id, string Kind, string RunId, int Trial, ContentId Plan, ModelFamily Family, IReadOnlyDictionary<string, double> Parameters,
    int Seed, TimeSpan TimeLimit, string? TraceParent = null, ProfileName? Profile = null);

/// <summary>How a job ended.</summary>
public enum JobOutcome { /// <summary>With a result.</summary>
    Succeeded, /// <summary>The input or the parameters are wrong; trying again will not help.</summary>
    Failed, /// <summary>The process died, hung or was evicted; trying again resumes from the last checkpoint.</summary>
    Lost, /// <summary>Stopped because nobody wants its result any more; it is not tried again.</summary>
    Cancelled }

/// <summary>The last word of a job: jobs/{id}/end.json, and a message on the job-events queue.</summary>
/// <param name="JobId">Which job.</param>
/// <param name="Attempt">Which attempt, from 1; 0 when no attempt says it: who started the job has no use for it any more.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Objective">On the validation rows.</param>
/// <param name="Metrics">On the validation rows.</param>
/// <param name="Artifacts">What it left.</param>
/// <param name="DeviceSeconds">How long the attempt ran.</param>
/// <param name="Error">Why it failed, for people.</param>
/// <param name="LostSeconds">How long the job's attempts before this one ran, as far as it showed. The job's workflow knows.</param>
public sealed record JobEnd(string JobId, int Attempt, JobOutcome Outcome, double? Objective = null, IReadOnlyDictionary<string, double>? Metrics = null,
    TrialArtifacts? Artifacts = null, double DeviceSeconds = 0, string? Error = null, double LostSeconds = 0);

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
