using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Monitoring;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="CompareWindow"/>.</summary>
public static class CompareWindowFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(CompareWindow))]
    public static Task<WindowVerdict> RunAsync([ActivityTrigger] CheckRequest input, FunctionContext context) => ActivityRun.RunAsync<CompareWindow, CheckRequest, WindowVerdict>(context.InstanceServices, input, context.CancellationToken);
}
