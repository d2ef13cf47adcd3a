using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using TriOps.Core.Steps;
using TriOps.Durable;
using TriOps.Orchestrations;

namespace TriOps.Functions.Orchestrations;

/// <summary>Runs <see cref="TrainModel"/>.</summary>
public static class TrainModelFunction
{
    /// <summary>One replay.</summary>
    [Function(nameof(TrainModel))]
    public static Task<TrainResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => WorkflowRun.RunAsync<TrainModel, TrainRequest, TrainResult>(context);
}
