using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Compute;

/// <summary>Starts an attempt on the compute target, which takes a repeated start for the same one. The attempt is noted first, so that it
/// can be stopped when nobody waits for it any more. A start that was on its way when the run was ended is refused: nobody would stop what
/// it started.</summary>
public sealed class StartJob(IComputeTarget compute, IBlobs blobs, RunLog runs) : IActivity<JobAttempt, Done>
{
    /// <inheritdoc/>
    public static ActivityName<JobAttempt, Done> Name => JobSteps.Start;

    /// <inheritdoc/>
    /// <exception cref="ConflictException">The run has ended (code run-ended).</exception>
    public async Task<Done> Run(JobAttempt input, CancellationToken ct)
    {
        var spec = await blobs.ReadJsonAsync<JobSpec>(JobPaths.Spec(input.JobId), ct);
        var run = await runs.GetAsync(spec.Work.RunId, ct);
        if (run.Status != RunStatus.Running)
            throw new ConflictException("run-ended",
                $"Attempt {input.Attempt} of job {input.JobId} is not started: its run {run.Id} is {run.Status}. "
                + $"{run.Error ?? ""}".TrimEnd());
        await blobs.WriteJsonAsync(JobPaths.Attempt(input.JobId), input, WriteMode.Replace, ct);
        await compute.StartAsync(input.JobId, input.Attempt, ct);
        return Done.Value;
    }
}
