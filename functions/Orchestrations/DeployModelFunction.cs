using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using TriOps.Core.Steps;
using TriOps.Durable;
using TriOps.Orchestrations;

namespace TriOps.Functions.Orchestrations;

/// <summary>Runs <see cref="DeployModel"/>.</summary>
public static class DeployModelFunction
{
    /// <summary>One replay.</summary>
    [Function(nameof(DeployModel))]
    public static Task<DeployResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => WorkflowRun.RunAsync<DeployModel, DeployRequest, DeployResult>(context);
}
