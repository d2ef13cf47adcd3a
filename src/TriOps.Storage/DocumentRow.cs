using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Azure.Data.Tables;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Storage;

/// <summary> How a document lies in a table's row, version 1. A row holds at most 1 MiB, a property at most 64 KiB. By size of the value's
/// JSON: up to 30,000 characters, a text property <c>Json</c>; else, gzip-compressed, up to 900 KiB, binary properties <c>Gzip00</c>,
/// <c>Gzip01</c>, … of 60 KiB; else a property <c>Blob</c> with the SHA-256 of the compressed bytes, which lie in
/// data/documents/{table}/{hash}.json.gz. <c>Format</c> is the version; <c>Mark</c> is the id of the write.
/// </summary>
internal sealed class DocumentRow(string table, IBlobs overflow)
{
    public const string Mark = "Mark";

    private const int Version = 1;
    private const int PlainLimit = 30_000;
    private const int ChunkSize = 60 * 1024;
    private const int MaxChunks = 15;

    public async Task<TableEntity> WriteAsync<T>(DocumentKey key, T value, CancellationToken ct)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, TriOpsJson.Options);
        var row = new TableEntity(key.Partition, key.Row) { ["Format"] = Version, [Mark] = Guid.NewGuid() };
        if (json.Length <= PlainLimit)
        {
            row["Json"] = System.Text.Encoding.UTF8.GetString(json);
            return row;
        }
        var packed = Compress(json);
        if (packed.Length <= MaxChunks * ChunkSize)
        {
            for (var i = 0; i * ChunkSize < packed.Length; i++)
                row[ChunkName(i)] = packed[(i * ChunkSize)..Math.Min(packed.Length, (i + 1) * ChunkSize)];
            return row;
        }
        var id = ContentId.OfBytes(packed);
        using (var stream = new MemoryStream(packed, writable: false))
            await overflow.WriteAsync(BlobOf(id), stream, WriteMode.IfAbsent, ct);
        row["Blob"] = id.Hex;
        return row;
    }

    public async Task<T> ReadAsync<T>(TableEntity row, CancellationToken ct)
    {
        if (row.GetInt32("Format") is var version && version != Version)
            throw new InvalidDataException($"{Name(row)} is of format {version?.ToString(CultureInfo.InvariantCulture) ?? "none"}; this "
                + $"build reads format {Version}. A newer build wrote it, or it is no document.");
        if (row.GetString("Json") is { } text) return Parse<T>(System.Text.Encoding.UTF8.GetBytes(text), row);
        if (row.GetString("Blob") is { } hash)
        {
            var id = ContentId.Parse(hash);
            var bytes = await overflow.ReadBytesAsync(BlobOf(id), ct);
            if (ContentId.OfBytes(bytes) != id)
                throw new InvalidDataException(
                    $"{BlobOf(id)} does not have the content its name says: it was changed. {Name(row)} cannot be read.");
            return Parse<T>(Decompress(bytes), row);
        }
        using var packed = new MemoryStream();
        for (var i = 0; row.GetBinary(ChunkName(i)) is { } chunk; i++) packed.Write(chunk);
        return Parse<T>(Decompress(packed.ToArray()), row);
    }

    private T Parse<T>(byte[] json, TableEntity row)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, TriOpsJson.Options)
                ?? throw new InvalidDataException($"{Name(row)} holds JSON null where a {typeof(T).Name} was expected.");
        }
        catch (JsonException e) { throw new InvalidDataException($"{Name(row)} is no {typeof(T).Name}: {e.Message}", e); }
    }

    private string Name(TableEntity row) => $"The row {row.PartitionKey} / {row.RowKey} of table {table}";

    private BlobPath BlobOf(ContentId id) => new(Containers.Data, $"documents/{table}/{id.Hex}.json.gz");

    private static string ChunkName(int index) => $"Gzip{index.ToString("D2", CultureInfo.InvariantCulture)}";

    private static byte[] Compress(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Decompress(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes, writable: false), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
