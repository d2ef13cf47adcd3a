using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Monitoring;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="CollectFeedback"/>.</summary>
public static class CollectFeedbackFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(CollectFeedback))]
    public static Task<IngestRequest> RunAsync([ActivityTrigger] WindowVerdict input, FunctionContext context) => ActivityRun.RunAsync<CollectFeedback, WindowVerdict, IngestRequest>(context.InstanceServices, input, context.CancellationToken);
}
