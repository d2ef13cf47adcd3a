using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>The workflow from a dataset version to a registered, gated model version, and on to its deployment.</summary>
public static class TrainSteps
{
    /// <summary>The whole of it. Its instance id is the run's id.</summary>
    // 2: choosing to deploying is a workflow of its own.
    public static readonly WorkflowName<TrainRequest, TrainResult> Workflow = new("TrainModel", Version: 2);

    /// <summary>Records the run; fixes features, classes, split and search.</summary>
    public static readonly ActivityName<PlanRequest, PlannedRun> Plan = new("PlanTraining", Retry.Standard);
    /// <summary>Writes down how trials ended, then suggests the next ones from what the ended ones showed (TPE) and records them with their
    /// jobs' specifications. The same call gives the same trials.</summary>
    public static readonly ActivityName<TrialsRequest, SuggestedTrials> Next = new("NextTrials", Retry.Standard);
    /// <summary>Closes a run that has failed, and trials that nobody waits for any more.</summary>
    public static readonly ActivityName<RunEnd, Done> EndRun = new("EndRun", Retry.Standard);
}

/// <summary>Asks for a run of a pipeline.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Pipeline">Which.</param>
/// <param name="Data">What it learns from.</param>
/// <param name="Reason">Why.</param>
/// <param name="Cause">What in the lineage graph led to it, besides the data: the window that drifted; or null.</param>
/// <param name="RequestedBy">Who asked for it, when a person or a program did; null where an upload or a window led to it.</param>
public sealed record TrainRequest(ProjectName Project, PipelineName Pipeline, DatasetVersionRef Data, RunReason Reason,
    LineageNode? Cause = null, string? RequestedBy = null)
{
    /// <summary>train-{project}-{pipeline}-v{number}: a version trains a pipeline once; <paramref name="suffix"/> tells a repeat
    /// apart.</summary>
    public string InstanceId(string? suffix = null)
    {
        return $"train-{Shorten(Project.Value)}-{Shorten(Pipeline.Value)}-v{Data.Number}{(suffix is null ? "" : "-" + suffix)}";
        static string Shorten(string name) => InstanceIds.Shorten(name, 24);
    }
}

/// <summary>What a run came to.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Status">Completed, also when the gate refused.</param>
/// <param name="Version">The registered version, or null when the run failed.</param>
/// <param name="Gate">The verdict.</param>
/// <param name="Deployment">What came of deploying it, or null when it was not.</param>
/// <param name="Error">Why the run failed.</param>
public sealed record TrainResult(string RunId, RunStatus Status, ModelVersionRef? Version, GateVerdict? Gate, DeployResult? Deployment,
    string? Error = null);

/// <summary>Input of <see cref="TrainSteps.Plan"/>.</summary>
public sealed record PlanRequest(string RunId, TrainRequest Request);

/// <summary>A run that may start.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Plan">Address of the plan.</param>
/// <param name="Trials">How many in all.</param>
/// <param name="Parallel">How many at once.</param>
/// <param name="Deploy">Where a passed version goes, or null.</param>
public sealed record PlannedRun(string RunId, ContentId Plan, int Trials, int Parallel, DeploySpec? Deploy);

/// <summary>Says how trials ended, and asks for <paramref name="Count"/> others, numbered from <paramref name="First"/>.</summary>
/// <param name="RunId">Of which run.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Ended">Trials not written down yet; may be none.</param>
/// <param name="First">The first number that is free.</param>
/// <param name="Count">How many; may be none.</param>
public sealed record TrialsRequest(string RunId, ContentId Plan, IReadOnlyList<TrialEnd> Ended, int First, int Count);

/// <summary>Trials to run, each with its job's specification stored.</summary>
/// <param name="Trials">Their numbers and jobs.</param>
public sealed record SuggestedTrials(IReadOnlyList<JobRequest> Trials);

/// <summary>How a trial ended.</summary>
public sealed record TrialEnd(string RunId, int Number, JobEnd End);

/// <summary>How a run ended.</summary>
public sealed record RunEnd(string RunId, RunStatus Status, int? ModelVersion, string? Error);
