using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Monitoring;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>The activities of monitoring.</summary>
public static class MonitoringFunctions
{
    /// <summary>Runs <see cref="CollectFeedback"/>: one call.</summary>
    [Function(nameof(CollectFeedback))]
    public static Task<IngestRequest> CollectFeedbackAsync([ActivityTrigger] WindowVerdict input, FunctionContext context) =>
        ActivityRun.RunAsync<CollectFeedback, WindowVerdict, IngestRequest>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="CompareWindow"/>: one call.</summary>
    [Function(nameof(CompareWindow))]
    public static Task<WindowVerdict> CompareWindowAsync([ActivityTrigger] CheckRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<CompareWindow, CheckRequest, WindowVerdict>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="RespondToDrift"/>: one call.</summary>
    [Function(nameof(RespondToDrift))]
    public static Task<Response> RespondToDriftAsync([ActivityTrigger] WindowVerdict input, FunctionContext context) =>
        ActivityRun.RunAsync<RespondToDrift, WindowVerdict, Response>(context.InstanceServices, input, context.CancellationToken);
}
