using TriOps.Core.Storage;

namespace TriOps.Core.Tests.Storage;

/// <summary>Documents between whose reads and writes somebody else gets in: <see cref="BeforeWrite"/> runs once, before the next
/// write.</summary>
internal sealed class InterruptedDocuments<T>(IDocuments<T> inner) : IDocuments<T> where T : class
{
    public Func<Task>? BeforeWrite { get; set; }

    public Task<Document<T>?> FindAsync(DocumentKey key, CancellationToken ct) => inner.FindAsync(key, ct);

    public async Task<Document<T>> InsertAsync(DocumentKey key, T value, CancellationToken ct)
    {
        await Interrupt();
        return await inner.InsertAsync(key, value, ct);
    }

    public async Task<Document<T>> ReplaceAsync(DocumentKey key, T value, string etag, CancellationToken ct)
    {
        await Interrupt();
        return await inner.ReplaceAsync(key, value, etag, ct);
    }

    public Task<Document<T>> PutAsync(DocumentKey key, T value, CancellationToken ct) => inner.PutAsync(key, value, ct);

    public Task DeleteAsync(DocumentKey key, CancellationToken ct) => inner.DeleteAsync(key, ct);

    public Task<Page<Document<T>>> ListAsync(string partition, PageRequest page, CancellationToken ct) =>
        inner.ListAsync(partition, page, ct);

    private async Task Interrupt()
    {
        var once = BeforeWrite;
        BeforeWrite = null;
        if (once is not null) await once();
    }
}
