namespace TriOps.Data.Packs;

/// <summary>Cuts bytes where their content says so, so that an insertion moves only the boundaries near it. Gear hash with normalised
/// chunking: boundaries are harder to meet before the average size than after it.</summary>
/// <remarks>Source: W. Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data Deduplication", USENIX ATC
/// 2016. The gear table is splitmix64 from seed 0. Changing any of it makes old chunks meet no new ones: it belongs to the
/// format.</remarks>
public static class ChunkBoundary
{
    /// <summary>Shortest chunk but a file's last, in bytes.</summary>
    public const int Min = 16 << 10;
    /// <summary>Length aimed at.</summary>
    public const int Average = 64 << 10;
    /// <summary>Longest chunk.</summary>
    public const int Max = 256 << 10;

    // 18 and 14 one bits, spread over the upper half: the gear hash's upper bits depend on the most bytes.
    private const ulong Hard = 0xD9F3_5307_0000_0000, Easy = 0x5903_5353_0000_0000;

    private static readonly ulong[] Gear = MakeGear();

    /// <summary>The length of the first chunk of <paramref name="bytes"/>: all of them when no boundary is found within
    /// <see cref="Max"/>.</summary>
    /// <param name="bytes">At least <see cref="Max"/> bytes, or all that is left of the file.</param>
    public static int Find(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Min) return bytes.Length;
        var end = Math.Min(bytes.Length, Max);
        var normal = Math.Min(end, Average);
        var gear = Gear;
        ulong hash = 0;
        var at = Min;
        for (; at < normal; at++)
        {
            hash = (hash << 1) + gear[bytes[at]];
            if ((hash & Hard) == 0) return at + 1;
        }
        for (; at < end; at++)
        {
            hash = (hash << 1) + gear[bytes[at]];
            if ((hash & Easy) == 0) return at + 1;
        }
        return end;
    }

    private static ulong[] MakeGear()
    {
        var table = new ulong[256];
        ulong state = 0;
        for (var i = 0; i < table.Length; i++)
        {
            state += 0x9E37_79B9_7F4A_7C15;
            var z = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            table[i] = z ^ (z >> 31);
        }
        return table;
    }
}
