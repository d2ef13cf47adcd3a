using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Deployments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="ShiftTraffic"/>.</summary>
public static class ShiftTrafficFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(ShiftTraffic))]
    public static Task<Done> RunAsync([ActivityTrigger] ShiftTrafficRequest input, FunctionContext context) => ActivityRun.RunAsync<ShiftTraffic, ShiftTrafficRequest, Done>(context.InstanceServices, input, context.CancellationToken);
}
