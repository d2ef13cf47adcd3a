using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Core.Deployments;

/// <summary>Where a revision stands.</summary>
public enum RevisionState { /// <summary>Known, without traffic.</summary>
    Created, /// <summary>Takes a part of the traffic.</summary>
    Canary, /// <summary>Takes all traffic, or what a canary leaves.</summary>
    Active, /// <summary>Replaced.</summary>
    Retired, /// <summary>Taken out because its health fell or its smoke test failed.</summary>
    RolledBack }

/// <summary>One model version in a deployment.</summary>
/// <param name="Number">1, 2, … within the deployment.</param>
/// <param name="Version">The model version.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Traffic">Percent, 0..100; the traffic of a deployment's revisions sums to 100 once one is active.</param>
/// <param name="WorkflowId">The DeployModel instance that brought it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Reason">Why it was rolled back or retired.</param>
/// <param name="ChangedAt">When state or traffic last changed; null while it is as it was created.</param>
public sealed record Revision(int Number, ModelVersionRef Version, RevisionState State, int Traffic, string WorkflowId,
    DateTimeOffset CreatedAt, string? Reason = null, DateTimeOffset? ChangedAt = null);

/// <summary>A named endpoint and its revisions.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Name">Its name: the model name clients use.</param>
/// <param name="Model">Which model's versions it serves.</param>
/// <param name="Revisions">Oldest first; the last 50 are kept here, all in the audit log.</param>
/// <param name="Health">What makes a canary roll back.</param>
/// <param name="Monitor">What is watched.</param>
/// <param name="UpdatedAt">Of the last change.</param>
public sealed record Deployment(ProjectName Project, DeploymentName Name, ModelName Model, IReadOnlyList<Revision> Revisions,
    HealthSpec Health, MonitorSpec? Monitor, DateTimeOffset UpdatedAt)
{
    /// <summary>The revision that serves, or null before the first is promoted.</summary>
    public Revision? Active => Revisions.LastOrDefault(r => r.State == RevisionState.Active);
}

/// <summary>Names a deployment: {project}/{deployment}.</summary>
public sealed record DeploymentRef(ProjectName Project, DeploymentName Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Project}/{Name}";
}

/// <summary>One answered request, as a line of the inference log.</summary>
/// <param name="Id">Of the prediction; feedback names it.</param>
/// <param name="At">When it was answered.</param>
/// <param name="Revision">The revision that answered.</param>
/// <param name="Version">The model version's number.</param>
/// <param name="Numbers">Numeric features in signature order; NaN when missing.</param>
/// <param name="Categories">Categorical features in signature order; "" when missing.</param>
/// <param name="Outputs">What the model said.</param>
/// <param name="Microseconds">From reading the request to the answer.</param>
/// <param name="Error">Why it was not answered, when the fault was not the client's; then <paramref name="Outputs"/> is empty.</param>
public sealed record InferenceRecord(string Id, DateTimeOffset At, int Revision, int Version, float[] Numbers, string[] Categories,
    float[] Outputs, long Microseconds, string? Error = null);

/// <summary>What turned out to be true for a prediction.</summary>
/// <param name="Id">The prediction's id.</param>
/// <param name="Label">A class, or a number as text.</param>
/// <param name="At">When it was reported; the latest report of an id stands.</param>
public sealed record LabelRecord(string Id, string Label, DateTimeOffset At);

/// <summary>What a revision did lately, from the serving side.</summary>
/// <param name="Revision">Which.</param>
/// <param name="Requests">Answered or failed.</param>
/// <param name="Errors">Failed for a reason that is not the client's.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P95">95th percentile in milliseconds.</param>
/// <param name="P99">99th percentile in milliseconds.</param>
public sealed record RevisionStats(int Revision, long Requests, long Errors, double P50, double P95, double P99);
