using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Deployments;
using TriOps.Core.Deployments;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="SmokeTest"/>.</summary>
public static class SmokeTestFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(SmokeTest))]
    public static Task<SmokeTestResult> RunAsync([ActivityTrigger] RevisionRef input, FunctionContext context) => ActivityRun.RunAsync<SmokeTest, RevisionRef, SmokeTestResult>(context.InstanceServices, input, context.CancellationToken);
}
