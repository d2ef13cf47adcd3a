using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>The activities of compute.</summary>
public static class ComputeFunctions
{
    /// <summary>Runs <see cref="LookAtJob"/>: one call.</summary>
    [Function(nameof(LookAtJob))]
    public static Task<JobLook> LookAtJobAsync([ActivityTrigger] JobAttempt input, FunctionContext context) =>
        ActivityRun.RunAsync<LookAtJob, JobAttempt, JobLook>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="StartJob"/>: one call.</summary>
    [Function(nameof(StartJob))]
    public static Task<Done> StartJobAsync([ActivityTrigger] JobAttempt input, FunctionContext context) =>
        ActivityRun.RunAsync<StartJob, JobAttempt, Done>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="StopJob"/>: one call.</summary>
    [Function(nameof(StopJob))]
    public static Task<Done> StopJobAsync([ActivityTrigger] JobAttempt input, FunctionContext context) =>
        ActivityRun.RunAsync<StopJob, JobAttempt, Done>(context.InstanceServices, input, context.CancellationToken);
}
