using TriOps.Core.Deployments;
using TriOps.Core.Monitoring;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>The workflow that holds a deployment's recent traffic against what its model was trained on.</summary>
public static class MonitorSteps
{
    /// <summary>The whole of it.</summary>
    public static readonly WorkflowName<CheckRequest, CheckResult> Workflow = new("CheckDeployment");

    /// <summary>Gathers the window's predictions and labels, compares them with the baseline, stores window and report.</summary>
    public static readonly ActivityName<CheckRequest, WindowVerdict> Compare = new("CompareWindow", Retry.Standard);
    /// <summary>Decides what follows (alert, cool-down, retraining) and records it. Idempotent by window.</summary>
    public static readonly ActivityName<WindowVerdict, Response> Respond = new("RespondToDrift", Retry.Standard);
    /// <summary>Writes the window's labelled rows as a file in the columns of the dataset, and asks for its ingestion with the window as
    /// its cause.</summary>
    public static readonly ActivityName<WindowVerdict, IngestRequest> CollectFeedback = new("CollectFeedback", Retry.Standard);
}

/// <summary>Asks for a check of the traffic in [From, To).</summary>
/// <param name="Deployment">Of which deployment.</param>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Scheduled">The timer asks: what follows keeps to the cool-down. A check that somebody asks for is answered whatever the
/// timer's checks have started.</param>
public sealed record CheckRequest(DeploymentRef Deployment, DateTimeOffset From, DateTimeOffset To, bool Scheduled = false)
{
    /// <summary>{from}-{to} in UTC, to the second.</summary>
    public string WindowId => $"{From.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{To.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}";

    /// <summary>check-{project}-{deployment}-{window}: one check per window.</summary>
    public string InstanceId
    {
        get
        {
            return $"check-{Shorten(Deployment.Project.Value)}-{Shorten(Deployment.Name.Value)}-{WindowId}";
            static string Shorten(string name) => InstanceIds.Shorten(name, 24);
        }
    }
}

/// <summary>A window and its verdict.</summary>
public sealed record WindowVerdict(CheckRequest Request, Window Window, IReadOnlyList<string> MovedColumns);

/// <summary>The decision.</summary>
/// <param name="Kind">What follows.</param>
/// <param name="AlertId">The alert raised, or null.</param>
/// <param name="Train">The run to start, for <see cref="ResponseKind.Retrain"/>.</param>
/// <param name="Message">For people.</param>
public sealed record Response(ResponseKind Kind, string? AlertId, TrainRequest? Train, string Message);

/// <summary>What came of a check.</summary>
/// <param name="WindowId">The window.</param>
/// <param name="Drifted">Its verdict.</param>
/// <param name="Response">What followed.</param>
/// <param name="Retrained">What retraining came to.</param>
public sealed record CheckResult(string WindowId, bool Drifted, Response Response, IReadOnlyList<TrainResult> Retrained);
