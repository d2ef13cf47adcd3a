namespace TriOps.Core.Storage;

/// <summary>Where a blob is: a container and a path of non-empty segments separated by '/'.</summary>
public sealed record BlobPath
{
    /// <summary>A path checked for emptiness, '.' and '..' segments, backslashes and control characters.</summary>
    /// <exception cref="InvalidInputException">The path is not safe.</exception>
    public BlobPath(string container, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(container);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 1024 || name.Split('/').Any(s => s is "" or "." or "..") || name.Any(c => c == '\\' || char.IsControl(c)))
            throw new InvalidInputException("path-unsafe",
                $"'{container}/{name}' is not a safe blob path: no empty, '.' or '..' segment, backslash or control character is allowed, "
                + $"and at most 1024 characters.");
        (Container, Name) = (container, name);
    }

    /// <summary>One of <see cref="Containers"/>.</summary>
    public string Container { get; }

    /// <summary>The blob's name within its container.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Container}/{Name}";
}

/// <summary>The blob containers, and what lives in each.</summary>
public static class Containers
{
    /// <summary>Where users put files: {project}/{dataset}/{file}.</summary>
    public const string Inbox = "inbox";
    /// <summary>Packs, manifests, profiles, project files, files of labelled predictions.</summary>
    public const string Data = "data";
    /// <summary>Checkpoints, ONNX models, model cards.</summary>
    public const string Models = "models";
    /// <summary>Job specifications, logs and results.</summary>
    public const string Jobs = "jobs";
    /// <summary>What deployments were asked and answered.</summary>
    public const string InferenceLog = "inference-log";

    /// <summary>Every container.</summary>
    public static IReadOnlyList<string> All { get; } = [Inbox, Data, Models, Jobs, InferenceLog];
}

/// <summary>What a listing or a look-up says of a blob.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="ETag">Changes with every write.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastModified">Of the last write.</param>
public sealed record BlobInfo(BlobPath Path, string ETag, long Length, DateTimeOffset LastModified);

/// <summary>When a write may happen.</summary>
public enum WriteMode
{
    /// <summary>Whatever is there is replaced.</summary>
    Replace,
    /// <summary>Only if nothing is there; otherwise nothing happens and the existing blob stands (content-addressed data).</summary>
    IfAbsent,
}

/// <summary>Blobs by path. Every call may be repeated. Transport errors are retried inside; what comes out is final for that call.
/// A write is atomic: readers see the old bytes or the new, never a part.</summary>
public interface IBlobs
{
    /// <summary>The blob's properties, or null.</summary>
    Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct);

    /// <summary>Opens a forward read from <paramref name="offset"/>, of <paramref name="length"/> bytes or to the end. The stream need not
    /// seek.</summary>
    /// <param name="path">Which blob.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes, or null for all.</param>
    /// <param name="ifMatch">When set, the read fails with <see cref="ConflictException"/> (code blob-changed) if the blob has another
    /// ETag.</param>
    /// <param name="ct">Cancels the opening; reads take their own.</param>
    /// <exception cref="NotFoundException">No such blob (code blob-missing).</exception>
    Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null, string? ifMatch = null);

    /// <summary>Writes a whole blob from a stream of any length.</summary>
    Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct);

    /// <summary>Writes a whole blob in one call. At most 64 MiB.</summary>
    Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct);

    /// <summary>Blobs whose name starts with <paramref name="prefix"/>, in name order.</summary>
    IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, CancellationToken ct);

    /// <summary>Removes a blob; nothing happens if it is not there.</summary>
    Task DeleteAsync(BlobPath path, CancellationToken ct);
}
