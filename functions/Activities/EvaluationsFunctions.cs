using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Evaluations;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>The activities of evaluations.</summary>
public static class EvaluationsFunctions
{
    /// <summary>Runs <see cref="EvaluateCandidate"/>: one call.</summary>
    [Function(nameof(EvaluateCandidate))]
    public static Task<EvaluatedCandidate> EvaluateCandidateAsync([ActivityTrigger] Candidate input, FunctionContext context) =>
        ActivityRun.RunAsync<EvaluateCandidate, Candidate, EvaluatedCandidate>(context.InstanceServices, input, context.CancellationToken);
}
