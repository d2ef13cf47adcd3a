using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Storage;

namespace TriOps.Testing.Fakes;

/// <summary>Documents in memory; values go through JSON, as they would on a table.</summary>
public sealed class MemoryDocuments<T>(TimeProvider? time = null) : IDocuments<T> where T : class
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string, string), (string Json, string ETag, DateTimeOffset Modified)> rows =
        new(Comparer<(string, string)>.Create((a, b) => string.CompareOrdinal(a.Item1, b.Item1) is var c && c != 0
        ? c : string.CompareOrdinal(a.Item2, b.Item2)));

    public Task<Document<T>?> FindAsync(DocumentKey key, CancellationToken ct)
    {
        key.Checked();
        lock (gate) return Task.FromResult(rows.TryGetValue((key.Partition, key.Row), out var row) ? Read(key, row) : null);
    }

    public Task<Document<T>> InsertAsync(DocumentKey key, T value, CancellationToken ct)
    {
        key.Checked();
        lock (gate)
            return rows.ContainsKey((key.Partition, key.Row))
                ? Task.FromException<Document<T>>(new ConflictException("document-exists", $"{key} exists."))
                : PutAsync(key, value, ct);
    }

    public Task<Document<T>> ReplaceAsync(DocumentKey key, T value, string etag, CancellationToken ct)
    {
        key.Checked();
        lock (gate)
            return !rows.TryGetValue((key.Partition, key.Row), out var row) || row.ETag != etag
                ? Task.FromException<Document<T>>(new ConflictException("document-changed", $"{key} changed."))
                : PutAsync(key, value, ct);
    }

    public Task<Document<T>> PutAsync(DocumentKey key, T value, CancellationToken ct)
    {
        key.Checked();
        lock (gate)
        {
            var row = (JsonSerializer.Serialize(value, TriOpsJson.Options), Guid.NewGuid()
                .ToString("N"), (time ?? TimeProvider.System).GetUtcNow());
            rows[(key.Partition, key.Row)] = row;
            return Task.FromResult(Read(key, row));
        }
    }

    public Task DeleteAsync(DocumentKey key, CancellationToken ct)
    {
        key.Checked();
        lock (gate) rows.Remove((key.Partition, key.Row));
        return Task.CompletedTask;
    }

    public Task<Page<Document<T>>> ListAsync(string partition, PageRequest page, CancellationToken ct)
    {
        DocumentKeyRule.Check(partition, "partition");
        page.Checked();
        lock (gate)
        {
            var found =
                rows.Where(r => r.Key.Item1 == partition
                && (page.RowPrefix is null || r.Key.Item2.StartsWith(page.RowPrefix, StringComparison.Ordinal))
                && (page.Continuation is null || string.CompareOrdinal(r.Key.Item2, page.Continuation) > 0)).Take(page.Size + 1).ToList();
            var items = found.Take(page.Size).Select(r => Read(new(r.Key.Item1, r.Key.Item2), r.Value)).ToList();
            return Task.FromResult(new Page<Document<T>>(items, found.Count > page.Size ? items[^1].Key.Row : null));
        }
    }

    private static Document<T> Read(DocumentKey key, (string Json, string ETag, DateTimeOffset Modified) row) =>
        new(key, JsonSerializer.Deserialize<T>(row.Json, TriOpsJson.Options)!, row.ETag, row.Modified);
}
