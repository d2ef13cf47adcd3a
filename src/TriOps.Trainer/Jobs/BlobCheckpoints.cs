using TriOps.Core.Compute;
using TriOps.Core.Storage;
using TriOps.Training;

namespace TriOps.Trainer.Jobs;

/// <summary>A job's checkpoint in jobs/{id}/checkpoint. Called from the fitting thread, which waits for the write.</summary>
internal sealed class BlobCheckpoints(IBlobs blobs, TimeProvider time, string jobId, byte[]? last) : ICheckpoints
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private long saved = time.GetTimestamp();

    public static async Task<BlobCheckpoints> OpenAsync(IBlobs blobs, TimeProvider time, string jobId, CancellationToken ct)
    {
        var path = JobPaths.Checkpoint(jobId);
        return new(blobs, time, jobId, await blobs.FindAsync(path, ct) is null ? null : await blobs.ReadBytesAsync(path, ct));
    }

    public byte[]? Load() => last;

    public bool Due => time.GetElapsedTime(saved) >= Interval;

    public void Save(ReadOnlyMemory<byte> state)
    {
        using var stream = new MemoryStream(state.ToArray(), writable: false);
        blobs.WriteAsync(JobPaths.Checkpoint(jobId), stream, WriteMode.Replace, CancellationToken.None).GetAwaiter().GetResult();
        saved = time.GetTimestamp();
    }
}
