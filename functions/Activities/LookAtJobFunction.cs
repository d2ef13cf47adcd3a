using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Compute;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="LookAtJob"/>.</summary>
public static class LookAtJobFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(LookAtJob))]
    public static Task<JobLook> RunAsync([ActivityTrigger] JobAttempt input, FunctionContext context) => ActivityRun.RunAsync<LookAtJob, JobAttempt, JobLook>(context.InstanceServices, input, context.CancellationToken);
}
