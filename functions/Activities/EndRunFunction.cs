using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="EndRun"/>.</summary>
public static class EndRunFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(EndRun))]
    public static Task<Done> RunAsync([ActivityTrigger] RunEnd input, FunctionContext context) => ActivityRun.RunAsync<EndRun, RunEnd, Done>(context.InstanceServices, input, context.CancellationToken);
}
