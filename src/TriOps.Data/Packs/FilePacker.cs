using System.Threading.Channels;
using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Data.Packs;

/// <summary>A file that has been packed.</summary>
/// <param name="File">Its entry for a manifest.</param>
/// <param name="AddedBytes">What was not stored before.</param>
public sealed record PackedFile(ManifestFile File, long AddedBytes);

/// <summary>Stores a file as content-defined chunks. One thread reads and finds boundaries, another hashes, deduplicates and packs; a
/// bounded queue lies between them, so memory does not grow with the file (about 50 MB).</summary>
public sealed class FilePacker(IBlobs blobs)
{
    private const int BlockSize = 4 << 20;
    private const int Blocks = 4;

    /// <summary>Stores <paramref name="content"/>. Doing it again with the same bytes and parent stores nothing new and returns the
    /// same.</summary>
    /// <param name="name">The file's name in the manifest.</param>
    /// <param name="content">Its bytes, read once to the end.</param>
    /// <param name="parent">A manifest whose chunks are known to be stored; null: none.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<PackedFile> PackAsync(string name, Stream content, DatasetManifest? parent, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var full = Channel.CreateBounded<Block>(new BoundedChannelOptions(Blocks) { SingleReader = true, SingleWriter = true });
        var free = Channel.CreateUnbounded<byte[]>();
        for (var i = 0; i < Blocks; i++) free.Writer.TryWrite([]); // Allocated at first use: a small file needs one.

        var reading = Task.Run(() => CutAsync(content, full.Writer, free.Reader, stop.Token), stop.Token);
        var packing = Task.Run(() => HashAsync(full.Reader, free.Writer, Known(parent), stop.Token), stop.Token);
        try
        {
            await Task.WhenAny(reading, packing).Unwrap(); // The first to end may have failed: then the other must not wait for it.
            await Task.WhenAll(reading, packing);
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAll(reading, packing)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (reading.IsFaulted) await reading;
            throw;
        }
        var (chunks, added) = await packing;
        return new PackedFile(new ManifestFile(name, chunks.Sum(c => (long)c.Length), chunks), added);
    }

    private static async Task CutAsync(Stream content, ChannelWriter<Block> full, ChannelReader<byte[]> free, CancellationToken ct)
    {
        try
        {
            // What is left of a block is less than a chunk, and goes in front of the next.
            var (tail, left, ended) = (new byte[ChunkBoundary.Max], 0, false);
            while (!ended)
            {
                var buffer = await free.ReadAsync(ct);
                if (buffer.Length == 0) buffer = new byte[BlockSize];
                tail.AsSpan(0, left).CopyTo(buffer);
                var length = left
                    + await content.ReadAtLeastAsync(buffer.AsMemory(left), buffer.Length - left, throwOnEndOfStream: false, ct);
                ended = length < buffer.Length;
                var (lengths, at) = (new List<int>(), 0);
                while (length - at >= ChunkBoundary.Max || (ended && at < length))
                {
                    lengths.Add(ChunkBoundary.Find(buffer.AsSpan(at, length - at)));
                    at += lengths[^1];
                }
                left = length - at;
                buffer.AsSpan(at, left).CopyTo(tail);
                await full.WriteAsync(new Block(buffer, lengths), ct);
            }
        }
        finally { full.Complete(); }
    }

    private async Task<(IReadOnlyList<Chunk> Chunks, long Added)> HashAsync(ChannelReader<Block> full, ChannelWriter<byte[]> free,
        Dictionary<ContentId, Chunk> known, CancellationToken ct)
    {
        var packs = new PackWriter(blobs, ct);
        var order = new List<ContentId>();
        await foreach (var block in full.ReadAllAsync(ct))
        {
            var at = 0;
            foreach (var length in block.Lengths)
            {
                var bytes = block.Buffer.AsMemory(at, length);
                var id = ContentId.OfBytes(bytes.Span);
                order.Add(id);
                if (!known.ContainsKey(id) && !packs.Has(id)) await packs.AddAsync(id, bytes);
                at += length;
            }
            free.TryWrite(block.Buffer);
        }
        await packs.CompleteAsync();
        return ([.. order.Select(id => known.TryGetValue(id, out var chunk) ? chunk : packs.Placed[id])], packs.Bytes);
    }

    private static Dictionary<ContentId, Chunk> Known(DatasetManifest? parent)
    {
        var known = new Dictionary<ContentId, Chunk>();
        foreach (var chunk in parent?.Files.SelectMany(f => f.Chunks) ?? []) known.TryAdd(chunk.Id, chunk);
        return known;
    }

    private sealed record Block(byte[] Buffer, List<int> Lengths);
}
