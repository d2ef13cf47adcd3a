using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Durable;
using TriOps.Orchestrations;

namespace TriOps.Functions.Orchestrations;

/// <summary>Runs <see cref="RunJob"/>.</summary>
public static class RunJobFunction
{
    /// <summary>One replay.</summary>
    [Function(nameof(RunJob))]
    public static Task<JobEnd> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => WorkflowRun.RunAsync<RunJob, JobRequest, JobEnd>(context);
}
