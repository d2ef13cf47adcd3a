using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Evaluations;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="EvaluateCandidate"/>.</summary>
public static class EvaluateCandidateFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(EvaluateCandidate))]
    public static Task<EvaluatedCandidate> RunAsync([ActivityTrigger] Candidate input, FunctionContext context) => ActivityRun.RunAsync<EvaluateCandidate, Candidate, EvaluatedCandidate>(context.InstanceServices, input, context.CancellationToken);
}
