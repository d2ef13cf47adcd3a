using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Storage;

namespace TriOps.Activities.Compute;

/// <summary>Stops a job whose workflow is gone. Idempotent.</summary>
public sealed class JobStopper(IBlobs blobs, IComputeTarget compute, TimeProvider time)
{
    /// <summary>Stops the attempt that was started last, and says how the job ended: as it says itself, or as cancelled.</summary>
    public async Task<JobEnd> StopAsync(string jobId, string reason, CancellationToken ct)
    {
        JobAttempt attempt;
        try { attempt = await blobs.ReadJsonAsync<JobAttempt>(JobPaths.Attempt(jobId), ct); }
        catch (NotFoundException) { return new(jobId, Attempt: 0, JobOutcome.Cancelled, Error: reason); } // It was never started.
        var look = await new LookAtJob(blobs, compute, time).Run(attempt, ct);
        await compute.StopAsync(jobId, attempt.Attempt, ct);
        return look.End ?? new(jobId, attempt.Attempt, JobOutcome.Cancelled, DeviceSeconds: look.DeviceSeconds, Error: reason);
    }
}
