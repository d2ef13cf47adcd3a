using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>The workflow that brings a model version into service, step by step, and back out when its health falls.</summary>
public static class DeploySteps
{
    /// <summary>The whole of it.</summary>
    public static readonly WorkflowName<DeployRequest, DeployResult> Workflow = new("DeployModel");

    /// <summary>A person's decision.</summary>
    public static readonly EventName<ApprovalDecision> Approval = new("approval");

    /// <summary>The phase in which the workflow waits for it.</summary>
    public const string ApprovalPhase = "approval";

    /// <summary>Whether an instance is a deployment that waits for a person's decision now.</summary>
    public static bool AwaitsApproval(WorkflowInstance instance) =>
        !instance.IsEnded && instance.Workflow == Workflow.Value && WorkflowProgress.Of(instance)?.Phase == ApprovalPhase;

    /// <summary>Adds the revision, without traffic. Idempotent by workflow id. Refuses a version its gate refused. A deployment has one
    /// revision on its way at a time: the newest supersedes one that is not active yet, whose workflow then ends with that as its
    /// reason.</summary>
    public static readonly ActivityName<CreateRevisionRequest, RevisionRef> CreateRevision = new("CreateRevision", Retry.Standard);
    /// <summary>Loads the model as serving would, scores its reference rows, compares.</summary>
    public static readonly ActivityName<RevisionRef, SmokeTestResult> SmokeTest = new("SmokeTest", Retry.Standard);
    /// <summary>Sets the revision's share of the traffic; the rest stays with the active one.</summary>
    public static readonly ActivityName<ShiftTrafficRequest, Done> ShiftTraffic = new("ShiftTraffic", Retry.Standard);
    /// <summary>The canary's errors and latency beside the active revision's, since a time.</summary>
    public static readonly ActivityName<HealthRequest, HealthVerdict> CheckHealth = new("CheckHealth", Retry.Standard);
    /// <summary>Gives the revision all traffic, retires the old one, moves the champion alias.</summary>
    public static readonly ActivityName<RevisionRef, Done> Promote = new("PromoteRevision", Retry.Standard);
    /// <summary>Takes the revision out; traffic returns to the active one.</summary>
    public static readonly ActivityName<RollBackRequest, Done> RollBack = new("RollBackRevision", Retry.Persistent);
}

/// <summary>Asks for a deployment.</summary>
/// <param name="Version">What to deploy.</param>
/// <param name="Spec">Where and how.</param>
/// <param name="RequestedBy">Who or what asked: a caller's name, or "run {id}".</param>
public sealed record DeployRequest(ModelVersionRef Version, DeploySpec Spec, string RequestedBy)
{
    /// <summary>deploy-{project}-{deployment}-v{number}-{suffix}.</summary>
    public string InstanceId(string suffix)
    {
        return $"deploy-{Shorten(Version.Project.Value)}-{Shorten(Spec.Name.Value)}-v{Version.Number}-{suffix}";
        static string Shorten(string name) => InstanceIds.Shorten(name, 24);
    }
}

/// <summary>What came of a deployment.</summary>
/// <param name="Revision">The revision, or null when none was made.</param>
/// <param name="State">Active, or RolledBack.</param>
/// <param name="Reason">Why it was rolled back.</param>
public sealed record DeployResult(RevisionRef? Revision, RevisionState State, string? Reason);

/// <summary>Input of <see cref="DeploySteps.CreateRevision"/>.</summary>
/// <param name="WorkflowId">The DeployModel instance.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Approval">Who approved it, where approval was asked.</param>
public sealed record CreateRevisionRequest(string WorkflowId, DeployRequest Request, ApprovalDecision? Approval = null);

/// <summary>Whether the model serves.</summary>
/// <param name="Passed">Whether it reproduces the trainer's outputs.</param>
/// <param name="Message">For people.</param>
/// <param name="Alone">No other revision serves: there is no traffic to move step by step.</param>
public sealed record SmokeTestResult(bool Passed, string Message, bool Alone = false);

/// <summary>Input of <see cref="DeploySteps.ShiftTraffic"/>.</summary>
public sealed record ShiftTrafficRequest(RevisionRef Revision, int Percent);

/// <summary>Input of <see cref="DeploySteps.CheckHealth"/>.</summary>
public sealed record HealthRequest(RevisionRef Revision, DateTimeOffset Since);

/// <summary>Whether a canary may go on.</summary>
public sealed record HealthVerdict(bool Healthy, string Message);

/// <summary>Input of <see cref="DeploySteps.RollBack"/>.</summary>
public sealed record RollBackRequest(RevisionRef Revision, string Reason);

/// <summary>A person's decision on a deployment.</summary>
public sealed record ApprovalDecision(bool Approved, string By, string? Comment);
