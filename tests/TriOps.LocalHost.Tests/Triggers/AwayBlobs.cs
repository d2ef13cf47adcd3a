using System.Runtime.CompilerServices;
using TriOps.Core.Storage;

namespace TriOps.LocalHost.Tests.Triggers;

/// <summary>Blobs whose listing does not answer until storage comes back.</summary>
internal sealed class AwayBlobs(IBlobs blobs) : IBlobs
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously),
        back = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Once a listing waits.</summary>
    public Task AskedAsync() => asked.Task;

    public void ComeBack() => back.SetResult();

    public async IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        asked.TrySetResult();
        await back.Task.WaitAsync(ct);
        await foreach (var blob in blobs.ListAsync(container, prefix, ct)) yield return blob;
    }

    public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct) => blobs.FindAsync(path, ct);
    public Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null, string? ifMatch = null) =>
        blobs.OpenReadAsync(path, ct, offset, length, ifMatch);
    public Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct) =>
        blobs.WriteAsync(path, content, mode, ct);
    public Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct) =>
        blobs.WriteAsync(path, content, mode, ct);
    public Task DeleteAsync(BlobPath path, CancellationToken ct) => blobs.DeleteAsync(path, ct);
}
