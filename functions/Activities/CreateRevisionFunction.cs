using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Deployments;
using TriOps.Core.Deployments;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="CreateRevision"/>.</summary>
public static class CreateRevisionFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(CreateRevision))]
    public static Task<RevisionRef> RunAsync([ActivityTrigger] CreateRevisionRequest input, FunctionContext context) => ActivityRun.RunAsync<CreateRevision, CreateRevisionRequest, RevisionRef>(context.InstanceServices, input, context.CancellationToken);
}
