using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Deployments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="RollBackRevision"/>.</summary>
public static class RollBackRevisionFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(RollBackRevision))]
    public static Task<Done> RunAsync([ActivityTrigger] RollBackRequest input, FunctionContext context) => ActivityRun.RunAsync<RollBackRevision, RollBackRequest, Done>(context.InstanceServices, input, context.CancellationToken);
}
