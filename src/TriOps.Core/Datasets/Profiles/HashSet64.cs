namespace TriOps.Core.Datasets.Profiles;

/// <summary>A set of 64-bit hashes: open addressing, 8 to 16 bytes an entry.</summary>
internal sealed class HashSet64
{
    private ulong[] slots = new ulong[256];
    private int shift = 64 - 8;
    private bool zero;

    /// <summary>Entries.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a hash; false when it is there already.</summary>
    public bool Add(ulong hash)
    {
        if (hash == 0)
        {
            if (zero) return false;
            zero = true;
            Count++;
            return true;
        }
        if (!Place(slots, shift, hash)) return false;
        if (++Count > slots.Length / 4 * 3) Grow();
        return true;
    }

    private static bool Place(ulong[] slots, int shift, ulong hash)
    {
        var at = (int)((hash * 0x9E37_79B9_7F4A_7C15) >> shift);
        while (true)
        {
            var found = slots[at];
            if (found == hash) return false;
            if (found == 0)
            {
                slots[at] = hash;
                return true;
            }
            at = (at + 1) & (slots.Length - 1);
        }
    }

    private void Grow()
    {
        var larger = new ulong[slots.Length * 2];
        shift--;
        foreach (var hash in slots)
            if (hash != 0) Place(larger, shift, hash);
        slots = larger;
    }
}
