using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="DecideGate"/>.</summary>
public static class DecideGateFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(DecideGate))]
    public static Task<GatedCandidate> RunAsync([ActivityTrigger] GateRequest input, FunctionContext context) => ActivityRun.RunAsync<DecideGate, GateRequest, GatedCandidate>(context.InstanceServices, input, context.CancellationToken);
}
