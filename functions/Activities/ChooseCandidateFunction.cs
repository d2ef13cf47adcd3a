using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Experiments;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="ChooseCandidate"/>.</summary>
public static class ChooseCandidateFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(ChooseCandidate))]
    public static Task<Candidate> RunAsync([ActivityTrigger] ChooseRequest input, FunctionContext context) => ActivityRun.RunAsync<ChooseCandidate, ChooseRequest, Candidate>(context.InstanceServices, input, context.CancellationToken);
}
