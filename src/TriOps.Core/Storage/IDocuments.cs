namespace TriOps.Core.Storage;

/// <summary>Where a document is. Both keys are 1 to 512 characters, without control characters, '/', '\', '#' or '?'.</summary>
/// <param name="Partition">Documents of one partition are listed together and in row order.</param>
/// <param name="Row">Ordinal order within the partition.</param>
public readonly record struct DocumentKey(string Partition, string Row);

/// <summary>A document as it was read.</summary>
/// <param name="Key">Where it is.</param>
/// <param name="Value">What it says.</param>
/// <param name="ETag">Changes with every write.</param>
/// <param name="Modified">Of the last write.</param>
public sealed record Document<T>(DocumentKey Key, T Value, string ETag, DateTimeOffset Modified);

/// <summary>Part of a listing.</summary>
/// <param name="Items">In order.</param>
/// <param name="Continuation">Opaque; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Continuation);

/// <summary>Which part of a listing is wanted.</summary>
/// <param name="Size">1 to 1000.</param>
/// <param name="Continuation">From the page before, or null.</param>
/// <param name="RowPrefix">Only rows that start so.</param>
public sealed record PageRequest(int Size = 100, string? Continuation = null, string? RowPrefix = null);

/// <summary>The JSON documents of one aggregate (one table), with optimistic concurrency. Values of any size are stored whole.
/// Transport errors are retried inside. An insert whose answer was lost may report a conflict on its own retry: callers that
/// need to know compare the stored value.</summary>
/// <typeparam name="T">A record in the dialect of <see cref="TriOpsJson"/>.</typeparam>
public interface IDocuments<T> where T : class
{
    /// <summary>The document, or null.</summary>
    Task<Document<T>?> FindAsync(DocumentKey key, CancellationToken ct);

    /// <summary>Adds a document.</summary>
    /// <exception cref="ConflictException">One is there already (code document-exists).</exception>
    Task<Document<T>> InsertAsync(DocumentKey key, T value, CancellationToken ct);

    /// <summary>Replaces the document if it still has <paramref name="etag"/>.</summary>
    /// <exception cref="ConflictException">It has changed, or gone (code document-changed).</exception>
    Task<Document<T>> ReplaceAsync(DocumentKey key, T value, string etag, CancellationToken ct);

    /// <summary>Adds or replaces, whatever is there: for values that are the same however often they are written.</summary>
    Task<Document<T>> PutAsync(DocumentKey key, T value, CancellationToken ct);

    /// <summary>Removes the document; nothing happens if it is not there.</summary>
    Task DeleteAsync(DocumentKey key, CancellationToken ct);

    /// <summary>One page of a partition, in row order.</summary>
    Task<Page<Document<T>>> ListAsync(string partition, PageRequest page, CancellationToken ct);
}
