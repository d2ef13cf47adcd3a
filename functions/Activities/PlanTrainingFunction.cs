using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Experiments;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="PlanTraining"/>.</summary>
public static class PlanTrainingFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(PlanTraining))]
    public static Task<PlannedRun> RunAsync([ActivityTrigger] PlanRequest input, FunctionContext context) => ActivityRun.RunAsync<PlanTraining, PlanRequest, PlannedRun>(context.InstanceServices, input, context.CancellationToken);
}
