using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Datasets;
using TriOps.Core.Datasets;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="FindListeners"/>.</summary>
public static class FindListenersFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(FindListeners))]
    public static Task<Listeners> RunAsync([ActivityTrigger] DatasetVersionRef input, FunctionContext context) => ActivityRun.RunAsync<FindListeners, DatasetVersionRef, Listeners>(context.InstanceServices, input, context.CancellationToken);
}
