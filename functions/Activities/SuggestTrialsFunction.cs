using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Experiments;
using TriOps.Core.Experiments;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="SuggestTrials"/>.</summary>
public static class SuggestTrialsFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(SuggestTrials))]
    public static Task<SuggestedTrials> RunAsync([ActivityTrigger] SuggestRequest input, FunctionContext context) => ActivityRun.RunAsync<SuggestTrials, SuggestRequest, SuggestedTrials>(context.InstanceServices, input, context.CancellationToken);
}
