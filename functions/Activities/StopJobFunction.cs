using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="StopJob"/>.</summary>
public static class StopJobFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(StopJob))]
    public static Task<Done> RunAsync([ActivityTrigger] JobAttempt input, FunctionContext context) => ActivityRun.RunAsync<StopJob, JobAttempt, Done>(context.InstanceServices, input, context.CancellationToken);
}
