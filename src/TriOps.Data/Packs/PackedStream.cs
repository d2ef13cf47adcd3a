using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Storage;

namespace TriOps.Data.Packs;

/// <summary>A stored file, read forward. Chunks that follow each other in a pack are fetched together, the next run while the last is read;
/// every chunk is checked against its hash before a byte of it is given out.</summary>
internal sealed class PackedStream(IBlobs blobs, ManifestFile file) : Stream
{
    private const int LongestRun = 4 << 20;
    private int nextChunk;
    private byte[] reading = [], next = []; // What is given out; what is fetched into.
    private Task<ReadOnlyMemory<byte>>? fetching;
    private ReadOnlyMemory<byte> current;
    private long position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (current.IsEmpty)
        {
            fetching ??= FetchNext(cancellationToken);
            if (fetching is null) return 0;
            current = await fetching;
            (reading, next) = (next, reading);
            fetching = FetchNext(CancellationToken.None);
        }
        var count = Math.Min(buffer.Length, current.Length);
        current[..count].CopyTo(buffer);
        current = current[count..];
        position += count;
        return count;
    }

    /// <summary>Starts to fetch the next run of chunks; null when there is none.</summary>
    private Task<ReadOnlyMemory<byte>>? FetchNext(CancellationToken ct)
    {
        if (nextChunk == file.Chunks.Count) return null;
        var (first, length) = (nextChunk, 0);
        do length += file.Chunks[nextChunk++].Length;
        while (nextChunk < file.Chunks.Count && length < LongestRun && file.Chunks[nextChunk].Pack == file.Chunks[first].Pack
            && file.Chunks[nextChunk].Offset == file.Chunks[first].Offset + length);
        return FetchAsync(first, nextChunk, length, ct);
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync(int first, int last, int length, CancellationToken ct)
    {
        if (next.Length < length) next = new byte[length < LongestRun ? length : LongestRun + ChunkBoundary.Max];
        var (pack, bytes) = (file.Chunks[first].Pack, next.AsMemory(0, length));
        try
        {
            await using var stream = await blobs.OpenReadAsync(DatasetPaths.Pack(pack), ct, file.Chunks[first].Offset, length);
            await stream.ReadExactlyAsync(bytes, ct);
        }
        catch (NotFoundException) { throw Damaged(file.Chunks[first], "the pack is missing"); }
        catch (EndOfStreamException) { throw Damaged(file.Chunks[first], "the pack ends too early"); }
        var at = 0;
        for (var i = first; i < last; i++)
        {
            var chunk = file.Chunks[i];
            var found = ContentId.OfBytes(bytes.Span.Slice(at, chunk.Length));
            if (found != chunk.Id) throw Damaged(chunk, $"its bytes hash to {found.Short}");
            at += chunk.Length;
        }
        return bytes;
    }

    private InvalidDataException Damaged(Chunk chunk, string what) => new(
        $"Chunk {chunk.Id.Short} of {file.Name}, at offset {chunk.Offset} of pack {chunk.Pack}, cannot be read: {what}. Storage was "
        + $"changed; restore {DatasetPaths.Pack(chunk.Pack)} from a backup, or upload the file again.");

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask()
        .GetAwaiter().GetResult();
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => file.Length;
    public override long Position { get => position; set => throw new NotSupportedException("A stored file is read forward only."); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A stored file is read forward only.");
    public override void SetLength(long value) => throw new NotSupportedException("A stored file is immutable.");
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A stored file is immutable.");
}
