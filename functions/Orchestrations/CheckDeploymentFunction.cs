using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using TriOps.Core.Steps;
using TriOps.Durable;
using TriOps.Orchestrations;

namespace TriOps.Functions.Orchestrations;

/// <summary>Runs <see cref="CheckDeployment"/>.</summary>
public static class CheckDeploymentFunction
{
    /// <summary>One replay.</summary>
    [Function(nameof(CheckDeployment))]
    public static Task<CheckResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => WorkflowRun.RunAsync<CheckDeployment, CheckRequest, CheckResult>(context);
}
