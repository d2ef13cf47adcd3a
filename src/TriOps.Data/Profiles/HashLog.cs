using System.Runtime.InteropServices;

namespace TriOps.Data.Profiles;

/// <summary>Counts how many of many hashes repeat an earlier one, exactly, in memory that does not grow with their number: they are parted
/// by their upper bits, and what does not fit goes to a temporary file, 8 bytes a hash (16 with rows).</summary>
/// <param name="withRows">Whether to keep each hash's row, to tell which is the first that repeats another.</param>
/// <param name="inMemory">Most hashes kept in memory.</param>
internal sealed class HashLog(bool withRows = false, int inMemory = 1 << 21) : IDisposable
{
    private const int Bits = 6, Parts = 1 << Bits, Piece = 1024;
    private readonly Part[] parts = new Part[Parts];
    private readonly ulong[] read = new ulong[Piece];
    private FileStream? file;
    private long count;

    /// <summary>Adds a well-mixed hash.</summary>
    public void Add(ulong hash, long row = 0)
    {
        ref var part = ref parts[hash >> (64 - Bits)];
        part.Open ??= new ulong[16];
        if (part.Used == part.Open.Length) part.Open = Longer(ref part);
        part.Open[part.Used++] = hash;
        if (withRows) part.Open[part.Used++] = (ulong)row;
        count++;
    }

    /// <summary>How many hashes repeat an earlier one, and the row of the first that does.</summary>
    public (long Repeats, long? FirstRow) Count()
    {
        long repeats = 0, first = long.MaxValue;
        var seen = new HashSet64();
        foreach (var part in parts)
        {
            var most = part.Used + (part.Pieces?.Sum(p => (long)p.Length) ?? 0);
            var passes = 1;
            while (most / passes > inMemory) passes *= 2; // A part too large for memory is read once per share of its hashes.
            for (var pass = 0; pass < passes; pass++) Count(part, (ulong)pass, (ulong)passes - 1, seen, ref repeats, ref first);
        }
        return (repeats, first == long.MaxValue ? null : first);
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private void Count(in Part part, ulong pass, ulong mask, HashSet64 seen, ref long repeats, ref long first)
    {
        var step = withRows ? 2 : 1;
        seen.Clear();
        for (var p = 0; p <= (part.Pieces?.Count ?? 0); p++)
        {
            var piece = p < (part.Pieces?.Count ?? 0) ? Read(part.Pieces![p]) : part.Open.AsSpan(0, part.Used);
            for (var i = 0; i < piece.Length; i += step)
            {
                if ((piece[i] & mask) != pass || seen.Add(piece[i])) continue;
                repeats++;
                if (withRows) first = Math.Min(first, (long)piece[i + 1]);
            }
        }
    }

    private ulong[] Longer(ref Part part)
    {
        var full = part.Open;
        if (full.Length < Piece)
        {
            Array.Resize(ref full, full.Length * 2);
            return full;
        }
        part.Used = 0;
        part.Pieces ??= [];
        if (count < inMemory)
        {
            part.Pieces.Add(new(full, 0, Piece));
            return new ulong[Piece];
        }
        file ??= new FileStream(Path.Combine(Path.GetTempPath(), $"triops-{Guid.NewGuid():n}.hashes"), FileMode.CreateNew,
            FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
        part.Pieces.Add(new(null, file.Position, Piece));
        file.Write(MemoryMarshal.AsBytes(full.AsSpan()));
        return full;
    }

    private Span<ulong> Read(PieceAt piece)
    {
        if (piece.Hashes is { } here) return here;
        var read = this.read.AsSpan(0, piece.Length);
        var bytes = MemoryMarshal.AsBytes(read);
        for (var at = 0; at < bytes.Length;)
        {
            var more = RandomAccess.Read(file!.SafeFileHandle, bytes[at..], piece.Offset + at);
            if (more == 0)
                throw new EndOfStreamException($"The temporary file {file.Name} ends at {piece.Offset + at:N0}, where hashes were "
                    + $"written. Is the disk full? Try again.");
            at += more;
        }
        return read;
    }

    private sealed record PieceAt(ulong[]? Hashes, long Offset, int Length);

    private struct Part
    {
        public List<PieceAt>? Pieces;
        public ulong[] Open;
        public int Used;
    }
}
