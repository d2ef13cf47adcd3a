using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Experiments;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="RegisterModel"/>.</summary>
public static class RegisterModelFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(RegisterModel))]
    public static Task<RegisteredModel> RunAsync([ActivityTrigger] EvaluatedCandidate input, FunctionContext context) => ActivityRun.RunAsync<RegisterModel, EvaluatedCandidate, RegisteredModel>(context.InstanceServices, input, context.CancellationToken);
}
