using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="StartJob"/>.</summary>
public static class StartJobFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(StartJob))]
    public static Task<Done> RunAsync([ActivityTrigger] JobAttempt input, FunctionContext context) => ActivityRun.RunAsync<StartJob, JobAttempt, Done>(context.InstanceServices, input, context.CancellationToken);
}
