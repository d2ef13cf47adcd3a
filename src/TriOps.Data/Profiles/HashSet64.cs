namespace TriOps.Data.Profiles;

/// <summary>A set of 64-bit hashes: open addressing, at most three slots in four taken.</summary>
internal sealed class HashSet64
{
    private ulong[] slots = new ulong[256];
    private bool zero;
    private int taken;

    /// <summary>Entries.</summary>
    public int Count => taken + (zero ? 1 : 0);

    /// <summary>Adds a hash; false when it is there already.</summary>
    public bool Add(ulong hash)
    {
        if (hash == 0) return !zero && (zero = true);
        if (!Place(slots, hash)) return false;
        if (++taken > slots.Length / 4 * 3) Grow();
        return true;
    }

    /// <summary>Forgets every hash.</summary>
    public void Clear()
    {
        Array.Clear(slots);
        (taken, zero) = (0, false);
    }

    private static bool Place(ulong[] slots, ulong hash)
    {
        var mask = slots.Length - 1;
        for (var at = (int)(hash * 0x9E37_79B9_7F4A_7C15 >> 32) & mask; ; at = (at + 1) & mask)
        {
            if (slots[at] == hash) return false;
            if (slots[at] != 0) continue;
            slots[at] = hash;
            return true;
        }
    }

    private void Grow()
    {
        var larger = new ulong[slots.Length * 2];
        foreach (var hash in slots)
            if (hash != 0) Place(larger, hash);
        slots = larger;
    }
}
