using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Durable;
using TriOps.Orchestrations;

namespace TriOps.Functions.Orchestrations;

/// <summary>Every orchestration.</summary>
public static class OrchestrationFunctions
{
    /// <summary>Runs <see cref="CheckDeployment"/>: one replay.</summary>
    [Function(nameof(CheckDeployment))]
    public static Task<CheckResult> CheckDeploymentAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        WorkflowRun.RunAsync<CheckDeployment, CheckRequest, CheckResult>(context);

    /// <summary>Runs <see cref="DeployModel"/>: one replay.</summary>
    [Function(nameof(DeployModel))]
    public static Task<DeployResult> DeployModelAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        WorkflowRun.RunAsync<DeployModel, DeployRequest, DeployResult>(context);

    /// <summary>Runs <see cref="IngestDataset"/>: one replay.</summary>
    [Function(nameof(IngestDataset))]
    public static Task<IngestResult> IngestDatasetAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        WorkflowRun.RunAsync<IngestDataset, IngestRequest, IngestResult>(context);

    /// <summary>Runs <see cref="ReleaseCandidate"/>: one replay.</summary>
    [Function(nameof(ReleaseCandidate))]
    public static Task<ReleaseResult> ReleaseCandidateAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        WorkflowRun.RunAsync<ReleaseCandidate, ReleaseRequest, ReleaseResult>(context);

    /// <summary>Runs <see cref="RunJob"/>: one replay.</summary>
    [Function(nameof(RunJob))]
    public static Task<JobEnd> RunJobAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        WorkflowRun.RunAsync<RunJob, JobRequest, JobEnd>(context);

    /// <summary>Runs <see cref="TrainModel"/>: one replay.</summary>
    [Function(nameof(TrainModel))]
    public static Task<TrainResult> TrainModelAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        WorkflowRun.RunAsync<TrainModel, TrainRequest, TrainResult>(context);
}
