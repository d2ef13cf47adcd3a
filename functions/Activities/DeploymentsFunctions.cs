using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Deployments;
using TriOps.Core.Deployments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>The activities of deployments.</summary>
public static class DeploymentsFunctions
{
    /// <summary>Runs <see cref="CheckHealth"/>: one call.</summary>
    [Function(nameof(CheckHealth))]
    public static Task<HealthVerdict> CheckHealthAsync([ActivityTrigger] HealthRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<CheckHealth, HealthRequest, HealthVerdict>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="CreateRevision"/>: one call.</summary>
    [Function(nameof(CreateRevision))]
    public static Task<RevisionRef> CreateRevisionAsync([ActivityTrigger] CreateRevisionRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<CreateRevision, CreateRevisionRequest,
            RevisionRef>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="PromoteRevision"/>: one call.</summary>
    [Function(nameof(PromoteRevision))]
    public static Task<Done> PromoteRevisionAsync([ActivityTrigger] RevisionRef input, FunctionContext context) =>
        ActivityRun.RunAsync<PromoteRevision, RevisionRef, Done>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="RollBackRevision"/>: one call.</summary>
    [Function(nameof(RollBackRevision))]
    public static Task<Done> RollBackRevisionAsync([ActivityTrigger] RollBackRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<RollBackRevision, RollBackRequest, Done>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="ShiftTraffic"/>: one call.</summary>
    [Function(nameof(ShiftTraffic))]
    public static Task<Done> ShiftTrafficAsync([ActivityTrigger] ShiftTrafficRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<ShiftTraffic, ShiftTrafficRequest, Done>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="SmokeTest"/>: one call.</summary>
    [Function(nameof(SmokeTest))]
    public static Task<SmokeTestResult> SmokeTestAsync([ActivityTrigger] RevisionRef input, FunctionContext context) =>
        ActivityRun.RunAsync<SmokeTest, RevisionRef, SmokeTestResult>(context.InstanceServices, input, context.CancellationToken);
}
