using System.Buffers.Binary;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using TriOps.Core;
using TriOps.Core.Storage;
using BlobInfo = TriOps.Core.Storage.BlobInfo;

namespace TriOps.Storage;

/// <summary>Writes a blob that is too long for one call, in blocks of 16 MiB that become visible together.</summary>
internal static class BlockUpload
{
    private const int BlockSize = 16 * 1024 * 1024;

    /// <summary>Copies up to <paramref name="limit"/> bytes; true if there is more to come.</summary>
    public static async Task<bool> FillAsync(Stream content, MemoryStream buffer, int limit, CancellationToken ct)
    {
        var part = new byte[81920];
        while (true)
        {
            var room = limit + 1 - (int)buffer.Length; // One byte past the limit tells whether there is more.
            if (room == 0) return true;
            var read = await content.ReadAsync(part.AsMemory(0, Math.Min(part.Length, room)), ct);
            if (read == 0) return false;
            buffer.Write(part, 0, read);
        }
    }

    /// <summary>Stages <paramref name="head"/> and what is left of <paramref name="content"/>, then commits.</summary>
    public static async Task<BlobInfo> WriteAsync(BlockBlobClient blob, BlobPath path, ReadOnlyMemory<byte> head, Stream content,
        WriteMode mode, IBlobs blobs, CancellationToken ct)
    {
        var writer = Guid.NewGuid();
        var ids = new List<string>();
        var length = 0L;
        for (var start = 0; start < head.Length; start += BlockSize)
            await StageAsync(head.Slice(start, Math.Min(BlockSize, head.Length - start)));
        using var block = new MemoryStream(BlockSize);
        for (var more = true; more;)
        {
            block.SetLength(0);
            more = await FillAsync(content, block, BlockSize - 1, ct);
            if (block.Length > 0) await StageAsync(block.GetBuffer().AsMemory(0, (int)block.Length));
        }
        try
        {
            var written =
                (await blob.CommitBlockListAsync(ids, new CommitBlockListOptions { Conditions = AzureBlobs.Conditions(mode) }, ct)).Value;
            return new(path, AzureBlobs.Bare(written.ETag), length, written.LastModified);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 || e.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // Somebody else's commit removed these blocks. For content that is the same whoever writes it, theirs will do.
            if (mode == WriteMode.IfAbsent && await blobs.FindAsync(path, ct) is { } existing) return existing;
            throw new ConflictException("blob-raced",
                $"The blob {path} was written by somebody else while {length} bytes were being uploaded. Write it again.", e);
        }

        async Task StageAsync(ReadOnlyMemory<byte> bytes)
        {
            var id = new byte[20];
            writer.TryWriteBytes(id);
            BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(16), ids.Count);
            ids.Add(Convert.ToBase64String(id));
            await blob.StageBlockAsync(ids[^1], BinaryData.FromBytes(bytes).ToStream(), cancellationToken: ct);
            length += bytes.Length;
        }
    }
}
