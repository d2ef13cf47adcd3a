using System.Runtime.CompilerServices;
using TriOps.Core;
using TriOps.Core.Storage;

namespace TriOps.Testing.Fakes;

/// <summary>Blobs in memory.</summary>
public sealed class MemoryBlobs(TimeProvider? time = null) : IBlobs
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, (BlobPath Path, byte[] Bytes, string ETag, DateTimeOffset Modified)> blobs =
        new(StringComparer.Ordinal);

    public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct)
    {
        lock (gate)
            return Task.FromResult(blobs.TryGetValue(path.ToString(), out var b)
                ? new BlobInfo(path, b.ETag, b.Bytes.Length, b.Modified) : null);
    }

    public Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null, string? ifMatch = null)
    {
        lock (gate)
        {
            if (!blobs.TryGetValue(path.ToString(), out var b)) throw new NotFoundException("blob-missing", $"There is no blob {path}.");
            if (ifMatch is not null && ifMatch != b.ETag) throw new ConflictException("blob-changed", $"{path} has changed.");
            var start = (int)Math.Min(offset, b.Bytes.Length);
            var count = (int)Math.Min(length ?? long.MaxValue, b.Bytes.Length - start);
            return Task.FromResult<Stream>(new MemoryStream(b.Bytes, start, count, writable: false));
        }
    }

    public async Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await content.CopyToAsync(buffer, ct);
        return await WriteAsync(path, buffer.ToArray(), mode, ct);
    }

    public Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct)
    {
        lock (gate)
        {
            if (mode == WriteMode.IfAbsent && blobs.TryGetValue(path.ToString(), out var old))
                return Task.FromResult(new BlobInfo(path, old.ETag, old.Bytes.Length, old.Modified));
            var b = (path, content.ToArray(), Guid.NewGuid().ToString("N"), (time ?? TimeProvider.System).GetUtcNow());
            blobs[path.ToString()] = b;
            return Task.FromResult(new BlobInfo(path, b.Item3, b.Item2.Length, b.Item4));
        }
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        List<BlobInfo> found;
        lock (gate)
            found = [.. blobs.Values.Where(b => b.Path.Container == container && b.Path.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(b => new BlobInfo(b.Path, b.ETag, b.Bytes.Length, b.Modified))];
        await Task.CompletedTask;
        foreach (var blob in found) yield return blob;
    }

    public Task DeleteAsync(BlobPath path, CancellationToken ct)
    {
        lock (gate) blobs.Remove(path.ToString());
        return Task.CompletedTask;
    }
}
