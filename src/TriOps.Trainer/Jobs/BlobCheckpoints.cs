using System.IO.Pipelines;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Storage;
using TriOps.Training;

namespace TriOps.Trainer.Jobs;

/// <summary>A job's checkpoint in jobs/{id}/checkpoint. Called from the fitting thread, which waits for the write; what it writes goes
/// through a pipe of 64 KiB straight into the blob, which is replaced when all of it has arrived.</summary>
internal sealed class BlobCheckpoints(IBlobs blobs, TimeProvider time, string jobId) : ICheckpoints
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly BlobPath path = JobPaths.Checkpoint(jobId);
    private long saved = time.GetTimestamp();

    public bool Due => time.GetElapsedTime(saved) >= Interval;

    public Stream? Open()
    {
        try { return blobs.OpenReadAsync(path, CancellationToken.None).GetAwaiter().GetResult(); }
        catch (NotFoundException) { return null; }
    }

    public void Save(Action<Stream> write)
    {
        var pipe = new Pipe();
        var writing = Task.Run(() => WriteAsync(pipe.Reader));
        try
        {
            using (var stream = pipe.Writer.AsStream(leaveOpen: true)) write(stream);
            pipe.Writer.Complete();
        }
        catch (Exception e)
        {
            pipe.Writer.Complete(e);  // The blob's writer reads this and leaves the last checkpoint as it is.
            try { writing.GetAwaiter().GetResult(); }
            catch (Exception) { /* It was told by us. */ }
            throw;
        }
        writing.GetAwaiter().GetResult();
        saved = time.GetTimestamp();
    }

    // However it ends, the reader is completed: a writer at a full pipe goes on, and hears of the failure when it is done.
    private async Task WriteAsync(PipeReader reader)
    {
        Exception? failure = null;
        try
        {
            await using var stream = reader.AsStream(leaveOpen: true);
            await blobs.WriteAsync(path, stream, WriteMode.Replace, CancellationToken.None);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally { await reader.CompleteAsync(failure); }
    }
}
