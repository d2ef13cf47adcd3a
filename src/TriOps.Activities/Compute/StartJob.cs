using TriOps.Core.Compute;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Compute;

/// <summary>Starts an attempt on the compute target, which takes a repeated start for the same one.</summary>
public sealed class StartJob(IComputeTarget compute) : IActivity<JobAttempt, Done>
{
    /// <inheritdoc/>
    public static ActivityName<JobAttempt, Done> Name => JobSteps.Start;

    /// <inheritdoc/>
    public async Task<Done> Run(JobAttempt input, CancellationToken ct)
    {
        await compute.StartAsync(input.JobId, input.Attempt, ct);
        return Done.Value;
    }
}
