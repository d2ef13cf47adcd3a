using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Deployments;
using TriOps.Core.Deployments;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="PromoteRevision"/>.</summary>
public static class PromoteRevisionFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(PromoteRevision))]
    public static Task<Done> RunAsync([ActivityTrigger] RevisionRef input, FunctionContext context) => ActivityRun.RunAsync<PromoteRevision, RevisionRef, Done>(context.InstanceServices, input, context.CancellationToken);
}
