using System.Text.Json;
using TriOps.Core.Content;

namespace TriOps.Core.Storage;

/// <summary>Small whole blobs: bytes and JSON.</summary>
public static class BlobsExtensions
{
    /// <summary>The blob's bytes.</summary>
    /// <exception cref="NotFoundException">No such blob.</exception>
    public static async Task<byte[]> ReadBytesAsync(this IBlobs blobs, BlobPath path, CancellationToken ct)
    {
        await using var stream = await blobs.OpenReadAsync(path, ct);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, ct);
        return buffer.ToArray();
    }

    /// <summary>The blob's JSON, in the dialect of <see cref="TriOpsJson"/>.</summary>
    public static async Task<T> ReadJsonAsync<T>(this IBlobs blobs, BlobPath path, CancellationToken ct)
    {
        await using var stream = await blobs.OpenReadAsync(path, ct);
        return await JsonSerializer.DeserializeAsync<T>(stream, TriOpsJson.Options, ct)
            ?? throw new InvalidDataException($"{path} holds JSON null where a {typeof(T).Name} was expected.");
    }

    /// <summary>Writes <paramref name="value"/> as JSON.</summary>
    public static Task<BlobInfo> WriteJsonAsync<T>(this IBlobs blobs, BlobPath path, T value, WriteMode mode, CancellationToken ct) =>
        blobs.WriteAsync(path, JsonSerializer.SerializeToUtf8Bytes(value, TriOpsJson.Options), mode, ct);

    /// <summary>Writes <paramref name="value"/> as JSON at the address of its content, where it is not there already.</summary>
    /// <param name="blobs">Where to.</param>
    /// <param name="path">The blob of an address.</param>
    /// <param name="value">What is written.</param>
    /// <param name="ct">Stops before the blob is there; there is none by halves.</param>
    public static async Task<ContentId> StoreJsonAsync<T>(this IBlobs blobs, Func<ContentId, BlobPath> path, T value, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, TriOpsJson.Options);
        var id = ContentId.OfBytes(bytes);
        using var content = new MemoryStream(bytes, writable: false); // Of bytes there may be more than one call takes.
        await blobs.WriteAsync(path(id), content, WriteMode.IfAbsent, ct);
        return id;
    }
}
