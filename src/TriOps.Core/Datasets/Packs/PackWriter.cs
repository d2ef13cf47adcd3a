using System.Buffers;
using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Core.Datasets.Packs;

/// <summary>Gathers new chunks into packs and stores each with one write, one write at a time behind the caller. A pack's address is the SHA-256 of its chunks'
/// hashes in order, so the same chunks make the same pack, and writing it again changes nothing.</summary>
internal sealed class PackWriter(IBlobs blobs, CancellationToken ct)
{
    /// <summary>A pack is stored once it holds this many bytes; only a file's last is smaller.</summary>
    public const int Full = 8 << 20;
    private const int Capacity = Full + ChunkBoundary.Max;

    private readonly List<(ContentId Id, int Length, int Offset)> chunks = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int used;
    private Task writing = Task.CompletedTask;

    /// <summary>Where the chunks of packs that are stored, or being stored, lie.</summary>
    public Dictionary<ContentId, Chunk> Placed { get; } = [];

    /// <summary>Bytes of all chunks added.</summary>
    public long Bytes { get; private set; }

    private readonly HashSet<ContentId> open = [];

    /// <summary>True when the chunk has been added already.</summary>
    public bool Has(ContentId id) => open.Contains(id) || Placed.ContainsKey(id);

    /// <summary>Adds a chunk that is not stored yet.</summary>
    public async ValueTask AddAsync(ContentId id, ReadOnlyMemory<byte> bytes)
    {
        bytes.Span.CopyTo(buffer.AsSpan(used));
        chunks.Add((id, bytes.Length, used));
        open.Add(id);
        used += bytes.Length;
        Bytes += bytes.Length;
        if (used >= Full) await FlushAsync();
    }

    /// <summary>Stores what is left and waits for all writes.</summary>
    public async Task CompleteAsync()
    {
        if (used > 0) await FlushAsync();
        await writing;
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task FlushAsync()
    {
        var id = PackId(chunks);
        foreach (var (chunk, length, offset) in chunks) Placed[chunk] = new Chunk(chunk, length, id, offset);
        chunks.Clear();
        open.Clear();
        await writing; // At most one write is under way, and one pack is being filled.
        writing = WriteAsync(DatasetPaths.Pack(id), buffer, used);
        (buffer, used) = (ArrayPool<byte>.Shared.Rent(Capacity), 0);
    }

    private async Task WriteAsync(BlobPath path, byte[] pack, int length)
    {
        await blobs.WriteAsync(path, pack.AsMemory(0, length), WriteMode.IfAbsent, ct);
        ArrayPool<byte>.Shared.Return(pack);
    }

    private static ContentId PackId(List<(ContentId Id, int Length, int Offset)> chunks)
    {
        var hashes = new byte[chunks.Count * 32];
        for (var i = 0; i < chunks.Count; i++) Convert.FromHexString(chunks[i].Id.Hex, hashes.AsSpan(i * 32), out _, out _);
        return ContentId.OfBytes(hashes);
    }
}
