using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Monitoring;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="RespondToDrift"/>.</summary>
public static class RespondToDriftFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(RespondToDrift))]
    public static Task<Response> RunAsync([ActivityTrigger] WindowVerdict input, FunctionContext context) => ActivityRun.RunAsync<RespondToDrift, WindowVerdict, Response>(context.InstanceServices, input, context.CancellationToken);
}
