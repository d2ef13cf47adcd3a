using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Experiments;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="NextTrials"/>.</summary>
public static class NextTrialsFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(NextTrials))]
    public static Task<SuggestedTrials> RunAsync([ActivityTrigger] TrialsRequest input, FunctionContext context) => ActivityRun.RunAsync<NextTrials, TrialsRequest, SuggestedTrials>(context.InstanceServices, input, context.CancellationToken);
}
