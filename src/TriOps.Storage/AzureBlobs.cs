using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using TriOps.Core;
using TriOps.Core.Storage;
using BlobInfo = TriOps.Core.Storage.BlobInfo;

namespace TriOps.Storage;

/// <summary>Blobs on Azure Blob Storage. Up to <see cref="SinglePut"/> a write is one Put Blob call; above, blocks are staged under ids
/// that no other writer uses and committed at the end, so that two writers of one blob can never mix.</summary>
public sealed class AzureBlobs(StorageClients clients) : IBlobs
{
    /// <summary>Largest write in one call: 64 MiB.</summary>
    public const int SinglePut = 64 * 1024 * 1024;

    /// <inheritdoc/>
    public async Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct)
    {
        try
        {
            var found = (await Blob(path).GetPropertiesAsync(cancellationToken: ct)).Value;
            return new(path, Bare(found.ETag), found.ContentLength, found.LastModified);
        }
        catch (RequestFailedException e) when (e.Status == 404) { return null; }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null,
        string? ifMatch = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0);
        var options = new BlobDownloadOptions
        {
            Range = length is 0 ? default : new HttpRange(offset, length),
            Conditions = ifMatch is null ? null : new BlobRequestConditions { IfMatch = new ETag($"\"{ifMatch}\"") },
        };
        try
        {
            var content = (await Blob(path).DownloadStreamingAsync(options, ct)).Value.Content;
            if (length is not 0) return content;
            await content.DisposeAsync();
            return Stream.Null;
        }
        catch (RequestFailedException e) when (e.Status == 416) { return Stream.Null; } // The range begins at the blob's end.
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new NotFoundException("blob-missing", $"There is no blob {path}.");
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            throw new ConflictException("blob-changed",
                $"The blob {path} is no longer what it was (ETag {ifMatch}): it was written again in the meantime.", e);
        }
    }

    /// <inheritdoc/>
    public async Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct)
    {
        if (mode == WriteMode.IfAbsent && await FindAsync(path, ct) is { } existing) return existing;
        using var head = new MemoryStream();
        var more = await BlockUpload.FillAsync(content, head, SinglePut, ct);
        var bytes = head.GetBuffer().AsMemory(0, (int)head.Length);
        return more ? await BlockUpload.WriteAsync(Blob(path), path, bytes, content, mode, this, ct)
            : await WriteAsync(path, bytes, mode, ct);
    }

    /// <inheritdoc/>
    public async Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct)
    {
        if (content.Length > SinglePut)
            throw new ArgumentException($"{path}: {content.Length} bytes in one call; the most is {SinglePut}. Write it from a stream.",
                nameof(content));
        var options =
            new BlobUploadOptions { Conditions = Conditions(mode),
            TransferOptions = new() { InitialTransferSize = SinglePut, MaximumTransferSize = SinglePut } };
        while (true)
        {
            try
            {
                var written = (await Blob(path).UploadAsync(BinaryData.FromBytes(content).ToStream(), options, ct)).Value;
                return new(path, Bare(written.ETag), content.Length, written.LastModified);
            }
            catch (RequestFailedException e)
                when (mode == WriteMode.IfAbsent
                && (e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.ConditionNotMet))
            {
                if (await FindAsync(path, ct) is { } existing) return existing;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var blob in clients.Container(container).GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, ct))
            if (TryPath(container, blob.Name) is { } path)
                yield return new(path, Bare(blob.Properties.ETag!.Value), blob.Properties.ContentLength!.Value,
                    blob.Properties.LastModified!.Value);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(BlobPath path, CancellationToken ct) =>
        Blob(path).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: ct);

    internal static BlobRequestConditions? Conditions(WriteMode mode) => mode == WriteMode.IfAbsent
        ? new() { IfNoneMatch = ETag.All } : null;

    /// <summary>Listings give ETags without quotes, headers with: one form for both.</summary>
    internal static string Bare(ETag etag) => etag.ToString().Trim('"');

    private BlockBlobClient Blob(BlobPath path) => clients.Container(path.Container).GetBlockBlobClient(path.Name);

    /// <summary>Anybody may upload under any name; a name that is no safe path cannot be addressed here and is left out of
    /// listings.</summary>
    private static BlobPath? TryPath(string container, string name)
    {
        try { return new(container, name); }
        catch (InvalidInputException) { return null; }
    }
}
