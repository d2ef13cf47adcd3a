using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="EvaluateSlice"/>.</summary>
public static class EvaluateSliceFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(EvaluateSlice))]
    public static Task<SliceEvaluation> RunAsync([ActivityTrigger] SliceRequest input, FunctionContext context) => ActivityRun.RunAsync<EvaluateSlice, SliceRequest, SliceEvaluation>(context.InstanceServices, input, context.CancellationToken);
}
