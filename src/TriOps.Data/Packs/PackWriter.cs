using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Storage;

namespace TriOps.Data.Packs;

/// <summary>Gathers new chunks into packs and stores each with one write, one write at a time behind the caller. A pack's address is the
/// SHA-256 of its chunks' hashes in order, so the same chunks make the same pack, and writing it again changes nothing.</summary>
internal sealed class PackWriter(IBlobs blobs, CancellationToken ct)
{
    /// <summary>A pack is stored once it holds this many bytes; only a file's last is smaller.</summary>
    public const int Full = 8 << 20;
    private const int Capacity = Full + ChunkBoundary.Max;

    private readonly List<(ContentId Id, int Length, int Offset)> chunks = [];
    private byte[] buffer = new byte[1 << 20]; // Grows to its capacity: a small file needs little.
    private byte[] storing = [];
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
        if (used + bytes.Length > buffer.Length)
            Array.Resize(ref buffer, used + bytes.Length > buffer.Length * 2 || buffer.Length * 2 > Full ? Capacity : buffer.Length * 2);
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
    }

    private async Task FlushAsync()
    {
        var id = PackId(chunks);
        foreach (var (chunk, length, offset) in chunks) Placed[chunk] = new Chunk(chunk, length, id, offset);
        chunks.Clear();
        open.Clear();
        await writing; // At most one write is under way, and one pack is being filled.
        writing = blobs.WriteAsync(DatasetPaths.Pack(id), buffer.AsMemory(0, used), WriteMode.IfAbsent, ct);
        (buffer, storing, used) = (storing.Length == Capacity ? storing : new byte[Capacity], buffer, 0);
    }

    private static ContentId PackId(List<(ContentId Id, int Length, int Offset)> chunks)
    {
        var hashes = new byte[chunks.Count * 32];
        for (var i = 0; i < chunks.Count; i++) Convert.FromHexString(chunks[i].Id.Hex, hashes.AsSpan(i * 32), out _, out _);
        return ContentId.OfBytes(hashes);
    }
}
