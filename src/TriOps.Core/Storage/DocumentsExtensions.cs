using System.Runtime.CompilerServices;

namespace TriOps.Core.Storage;

/// <summary>What every caller of <see cref="IDocuments{T}"/> would write again.</summary>
public static class DocumentsExtensions
{
    private const int Attempts = 12;

    /// <summary>Every document of a partition, page by page.</summary>
    public static async IAsyncEnumerable<Document<T>> AllAsync<T>(this IDocuments<T> documents, string partition,
        [EnumeratorCancellation] CancellationToken ct, string? rowPrefix = null) where T : class
    {
        string? continuation = null;
        do
        {
            var page = await documents.ListAsync(partition, new PageRequest(500, continuation, rowPrefix), ct);
            foreach (var item in page.Items) yield return item;
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>Reads, changes and writes back, again from the read when somebody else was faster. <paramref name="change"/> may run
    /// more than once and returns null to leave the document as it is.</summary>
    /// <param name="documents">The table.</param>
    /// <param name="key">Which document.</param>
    /// <param name="change">From the current value (null: none) to the new one (null: no change).</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The value that stands afterwards; null if there is none.</returns>
    public static async Task<T?> UpdateAsync<T>(this IDocuments<T> documents, DocumentKey key, Func<T?, T?> change, CancellationToken ct)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await documents.FindAsync(key, ct);
            var next = change(current?.Value);
            if (next is null) return current?.Value;
            try
            {
                return current is null
                    ? (await documents.InsertAsync(key, next, ct)).Value
                    : (await documents.ReplaceAsync(key, next, current.ETag, ct)).Value;
            }
            catch (ConflictException) when (attempt < Attempts)
            {
                await Task.Delay(Random.Shared.Next(5, 20 * attempt), ct);
            }
        }
    }

    /// <summary>Adds a document unless one is there; the one that stands is returned.</summary>
    public static async Task<T> GetOrInsertAsync<T>(this IDocuments<T> documents, DocumentKey key, T value, CancellationToken ct)
        where T : class
    {
        try { return (await documents.InsertAsync(key, value, ct)).Value; }
        catch (ConflictException) { return (await documents.FindAsync(key, ct))?.Value ?? value; }
    }
}
