using System.Globalization;
using Azure;
using Azure.Data.Tables;
using TriOps.Core;
using TriOps.Core.Storage;

namespace TriOps.Storage;

/// <summary>The documents of one aggregate, in one table of Azure Table Storage. How a value lies in its row is <see cref="DocumentRow"/>'s
/// business.</summary>
/// <param name="clients">The account.</param>
/// <param name="name">The table's name, without the prefix.</param>
/// <param name="overflow">Where values go that no row can hold.</param>
public sealed class TableDocuments<T>(StorageClients clients, string name, IBlobs overflow) : IDocuments<T> where T : class
{
    private readonly TableClient table = clients.Table(name);
    private readonly DocumentRow rows = new(name, overflow);

    /// <inheritdoc/>
    public async Task<Document<T>?> FindAsync(DocumentKey key, CancellationToken ct)
    {
        key.Checked();
        var found = await table.GetEntityIfExistsAsync<TableEntity>(key.Partition, key.Row, cancellationToken: ct);
        return found.HasValue ? await ReadAsync(found.Value!, ct) : null;
    }

    /// <inheritdoc/>
    public async Task<Document<T>> InsertAsync(DocumentKey key, T value, CancellationToken ct)
    {
        var row = await rows.WriteAsync(key.Checked(), value, ct);
        try { return Written(key, value, await table.AddEntityAsync(row, ct)); }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return await OwnWriteAsync(key, value, row, ct)
                ?? throw new ConflictException("document-exists", $"{name} already holds {key.Partition} / {key.Row}.", e);
        }
    }

    /// <inheritdoc/>
    public async Task<Document<T>> ReplaceAsync(DocumentKey key, T value, string etag, CancellationToken ct)
    {
        var row = await rows.WriteAsync(key.Checked(), value, ct);
        try { return Written(key, value, await table.UpdateEntityAsync(row, new ETag(etag), TableUpdateMode.Replace, ct)); }
        catch (RequestFailedException e) when (e.Status is 404 or 412 || e.ErrorCode == "InvalidInput")
        {
            return await OwnWriteAsync(key, value, row, ct)
                ?? throw new ConflictException("document-changed",
                $"{name}: {key.Partition} / {key.Row} was changed or removed by somebody else. Read it again.", e);
        }
    }

    /// <inheritdoc/>
    public async Task<Document<T>> PutAsync(DocumentKey key, T value, CancellationToken ct) =>
        Written(key, value, await table.UpsertEntityAsync(await rows.WriteAsync(key.Checked(), value, ct), TableUpdateMode.Replace, ct));

    /// <inheritdoc/>
    public async Task DeleteAsync(DocumentKey key, CancellationToken ct)
    {
        key.Checked();
        try { await table.DeleteEntityAsync(key.Partition, key.Row, ETag.All, ct); }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != "TableNotFound") { /* Gone already. */ }
    }

    /// <inheritdoc/>
    public async Task<Core.Storage.Page<Document<T>>> ListAsync(string partition, PageRequest page, CancellationToken ct)
    {
        DocumentKeyRule.Check(partition, "partition");
        page.Checked();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        if (page.RowPrefix is { } prefix) filter += TableClient.CreateQueryFilter($" and RowKey ge {prefix}")
            + (After(prefix) is { } end ? TableClient.CreateQueryFilter($" and RowKey lt {end}") : "");
        if (page.Continuation is { } last) filter += TableClient.CreateQueryFilter($" and RowKey gt {last}");

        // The table may cut its answer short at any point; the page is full when it is, and one row more tells whether another follows.
        var items = new List<Document<T>>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter, Math.Min(page.Size + 1, PageRules.MaxSize), cancellationToken: ct))
        {
            if (items.Count == page.Size) return new(items, items[^1].Key.Row);
            items.Add(await ReadAsync(row, ct));
        }
        return new(items, null);
    }

    /// <summary>A write whose answer was lost is repeated by the pipeline and then refused. The row's mark tells whether it was this very
    /// write that stands.</summary>
    private async Task<Document<T>?> OwnWriteAsync(DocumentKey key, T value, TableEntity row, CancellationToken ct)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(key.Partition, key.Row, [DocumentRow.Mark], ct);
        return found.HasValue && found.Value!.GetGuid(DocumentRow.Mark) == row.GetGuid(DocumentRow.Mark)
            ? new(key, value, found.Value.ETag.ToString(), found.Value.Timestamp!.Value)
            : null;
    }

    private async Task<Document<T>> ReadAsync(TableEntity row, CancellationToken ct) =>
        new(new(row.PartitionKey, row.RowKey), await rows.ReadAsync<T>(row, ct), row.ETag.ToString(), row.Timestamp!.Value);

    private static Document<T> Written(DocumentKey key, T value, Response response)
    {
        var etag = response.Headers.ETag!.Value.ToString();
        return new(key, value, etag, ModifiedOf(etag) ?? response.Headers.Date ?? DateTimeOffset.UnixEpoch);
    }

    /// <summary>A row's ETag is W/"datetime'…'" around its time of modification, which the answer to a write does not hold
    /// elsewhere.</summary>
    private static DateTimeOffset? ModifiedOf(string etag)
    {
        var parts = Uri.UnescapeDataString(etag).Split('\'');
        return parts.Length == 3
            && DateTimeOffset.TryParse(parts[1], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    /// <summary>The first key past all that start with <paramref name="prefix"/>; null when there is none.</summary>
    private static string? After(string prefix)
    {
        for (var i = prefix.Length - 1; i >= 0; i--)
            if (prefix[i] < '\uFFFD' && !char.IsSurrogate(prefix[i]))
                return prefix[..i] + (prefix[i] == '\uD7FF' ? '\uE000' : (char)(prefix[i] + 1));
        return null;
    }
}
