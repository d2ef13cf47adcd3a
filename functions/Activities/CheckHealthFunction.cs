using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Deployments;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="CheckHealth"/>.</summary>
public static class CheckHealthFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(CheckHealth))]
    public static Task<HealthVerdict> RunAsync([ActivityTrigger] HealthRequest input, FunctionContext context) => ActivityRun.RunAsync<CheckHealth, HealthRequest, HealthVerdict>(context.InstanceServices, input, context.CancellationToken);
}
