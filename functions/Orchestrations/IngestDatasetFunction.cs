using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using TriOps.Core.Steps;
using TriOps.Durable;
using TriOps.Orchestrations;

namespace TriOps.Functions.Orchestrations;

/// <summary>Runs <see cref="IngestDataset"/>.</summary>
public static class IngestDatasetFunction
{
    /// <summary>One replay.</summary>
    [Function(nameof(IngestDataset))]
    public static Task<IngestResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => WorkflowRun.RunAsync<IngestDataset, IngestRequest, IngestResult>(context);
}
