using Microsoft.Extensions.Logging;
using TriOps.Core.Compute;
using TriOps.Core.Storage;

namespace TriOps.Trainer.Jobs;

/// <summary>Writes the heartbeat every <see cref="JobTiming.Heartbeat"/>, apart from the thread that fits: a fit that hangs keeps beating,
/// but without progress.</summary>
internal sealed class JobPulse : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly IBlobs blobs;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly BlobPath path;
    private readonly int attempt;
    private readonly Task loop;
    private volatile string phase = "reading";
    private double progress;

    public JobPulse(IBlobs blobs, TimeProvider time, ILogger log, string jobId, int attempt)
    {
        (this.blobs, this.time, this.log, this.attempt, path) = (blobs, time, log, attempt, JobPaths.Heartbeat(jobId));
        loop = Task.Run(BeatAsync);
    }

    /// <summary>Says what the job is at.</summary>
    public void Enter(string name) => (phase, progress) = (name, 0);

    /// <summary>Says how far it is, 0..1.</summary>
    public void Report(double share) => Volatile.Write(ref progress, Math.Clamp(share, 0, 1));

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(JobTiming.Heartbeat, time);
        try
        {
            do
            {
                try
                {
                    await blobs.WriteJsonAsync(path, new JobHeartbeat(attempt, time.GetUtcNow(), phase, Volatile.Read(ref progress)),
                        WriteMode.Replace, stop.Token);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    log.LogWarning(e, "A heartbeat could not be written; the next will be tried.");
                }
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException) { /* The job has ended. */ }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }
}
