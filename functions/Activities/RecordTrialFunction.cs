using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Experiments;
using TriOps.Core.Experiments;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="RecordTrial"/>.</summary>
public static class RecordTrialFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(RecordTrial))]
    public static Task<Done> RunAsync([ActivityTrigger] TrialEnd input, FunctionContext context) => ActivityRun.RunAsync<RecordTrial, TrialEnd, Done>(context.InstanceServices, input, context.CancellationToken);
}
