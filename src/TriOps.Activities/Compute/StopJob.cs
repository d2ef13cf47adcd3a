using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Compute;

/// <summary>Stops an attempt; one that has ended stays as it is.</summary>
public sealed class StopJob(IComputeTarget compute) : IActivity<JobAttempt, Done>
{
    /// <inheritdoc/>
    public static ActivityName<JobAttempt, Done> Name => JobSteps.Stop;

    /// <inheritdoc/>
    public async Task<Done> Run(JobAttempt input, CancellationToken ct)
    {
        await compute.StopAsync(input.JobId, input.Attempt, ct);
        return Done.Value;
    }
}
