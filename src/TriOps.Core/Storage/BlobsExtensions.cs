using System.Text.Json;

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
}
