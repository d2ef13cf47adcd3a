using TriOps.Core.Storage;
using TriOps.Testing.Fakes;

namespace TriOps.Serving.Tests;

/// <summary>Blobs over memory that can be away, and that count opened reads.</summary>
public sealed class FailingBlobs(TimeProvider? time = null) : IBlobs
{
    private readonly MemoryBlobs inner = new(time);
    private int reads;

    public bool Away { get; set; }
    public int Reads => reads;

    /// <summary>Reads wait for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct) => Here(() => inner.FindAsync(path, ct));

    public async Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null,
        string? ifMatch = null)
    {
        Interlocked.Increment(ref reads);
        await Gate;
        return await Here(() => inner.OpenReadAsync(path, ct, offset, length, ifMatch));
    }

    public Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct) =>
        Here(() => inner.WriteAsync(path, content, mode, ct));
    public Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct) =>
        Here(() => inner.WriteAsync(path, content, mode, ct));
    public IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, CancellationToken ct) =>
        inner.ListAsync(container, prefix, ct);
    public Task DeleteAsync(BlobPath path, CancellationToken ct) => Here(async () => { await inner.DeleteAsync(path, ct); return true; });

    private Task<T> Here<T>(Func<Task<T>> call) => Away ? Task.FromException<T>(new IOException("Storage is away.")) : call();
}

/// <summary>Documents over memory that can be away, and that count reads.</summary>
public sealed class FailingDocuments<T>(TimeProvider? time = null) : IDocuments<T> where T : class
{
    private readonly MemoryDocuments<T> inner = new(time);
    private int reads;

    public bool Away { get; set; }
    public int Reads => Volatile.Read(ref reads);
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<Document<T>?> FindAsync(DocumentKey key, CancellationToken ct)
    {
        Interlocked.Increment(ref reads);
        await Gate;
        return Away ? throw new IOException("Storage is away.") : await inner.FindAsync(key, ct);
    }

    public Task<Document<T>> InsertAsync(DocumentKey key, T value, CancellationToken ct) => inner.InsertAsync(key, value, ct);
    public Task<Document<T>> ReplaceAsync(DocumentKey key, T value, string etag, CancellationToken ct) =>
        inner.ReplaceAsync(key, value, etag, ct);
    public Task<Document<T>> PutAsync(DocumentKey key, T value, CancellationToken ct) => inner.PutAsync(key, value, ct);
    public Task DeleteAsync(DocumentKey key, CancellationToken ct) => inner.DeleteAsync(key, ct);
    public Task<Page<Document<T>>> ListAsync(string partition, PageRequest page, CancellationToken ct) =>
        inner.ListAsync(partition, page, ct);
}
