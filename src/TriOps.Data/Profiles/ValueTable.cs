using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TriOps.Core.Datasets;

namespace TriOps.Data.Profiles;

/// <summary>A column's distinct values, up to a capacity, with what is known of each and how often it occurred. Values of up to 16 bytes
/// are their own keys; longer ones are told apart by their 64-bit hash.</summary>
/// <param name="capacity">Most values held, a power of two.</param>
internal sealed class ValueTable(int capacity)
{
    /// <summary>The upper key of a value that goes by its hash: bytes that no UTF-8 text holds.</summary>
    public const ulong Hashed = ulong.MaxValue;
    private const int LongestText = 200;
    private Slot[] slots = new Slot[16];
    private Entry[] entries = new Entry[8];
    private int count;

    /// <summary>A place for one value; it is free while its count is 0.</summary>
    public struct Slot
    {
        /// <summary>The value's key.</summary>
        public ulong Low, High;
        /// <summary>The value's hash, as rows are hashed by.</summary>
        public ulong Hash;
        /// <summary>How often it occurred, and <see cref="Entry.Before"/>.</summary>
        public long Count;
        /// <summary>Where its entry is.</summary>
        public int Index;
    }

    /// <summary>What is known of a value.</summary>
    /// <param name="Facts">What it is.</param>
    /// <param name="Text">As people see it, shortened.</param>
    /// <param name="Before">What its count began with: how often it may have occurred before it came into the table.</param>
    public readonly record struct Entry(FieldFacts Facts, string Text, long Before);

    /// <summary>Whether another value would be one too many.</summary>
    public bool IsFull => count == capacity;

    /// <summary>Values held that are no missing ones.</summary>
    public int Distinct { get; private set; }

    /// <summary>The value's slot, or the free one where it belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Slot Find(ulong low, ulong high)
    {
        var (all, mask) = (slots, slots.Length - 1);
        for (var at = Place(low, high) & mask; ; at = (at + 1) & mask)
        {
            ref var slot = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(all), at);
            if ((slot.Low == low && slot.High == high) || slot.Count == 0) return ref slot;
        }
    }

    /// <summary>Adds a value that was just found absent, with a count of <paramref name="before"/> + 1.</summary>
    public void Add(ulong low, ulong high, ulong hash, ReadOnlySpan<byte> value, FieldFacts facts, long before)
    {
        if ((count + 1) * 2 > slots.Length) Resize(slots.Length * 2);
        if (count == entries.Length) Array.Resize(ref entries, count * 2);
        entries[count] = new Entry(facts, Shorten(value), before);
        Find(low, high) = new Slot { Low = low, High = high, Hash = hash, Count = before + 1, Index = count++ };
        if (!facts.IsMissing) Distinct++;
    }

    /// <summary>Every value with its slot, in the order in which they came.</summary>
    public IReadOnlyList<(Slot Slot, Entry Entry)> Values
    {
        get
        {
            var all = new (Slot, Entry)[count];
            foreach (ref var slot in slots.AsSpan())
                if (slot.Count > 0) all[slot.Index] = (slot, entries[slot.Index]);
            return all;
        }
    }

    /// <summary>Forgets the rarer half of the values; the rest keep their order.</summary>
    /// <returns>What was forgotten.</returns>
    public IReadOnlyList<(Slot Slot, Entry Entry)> ForgetRarest()
    {
        var all = Values;
        var rarest = all.OrderBy(v => v.Slot.Count).ThenBy(v => v.Slot.Index).Take(count / 2).ToList();
        var gone = rarest.Select(v => v.Slot.Index).ToHashSet();
        Array.Clear(slots);
        (count, Distinct) = (0, 0);
        foreach (var (slot, entry) in all)
        {
            if (gone.Contains(slot.Index)) continue;
            entries[count] = entry;
            Find(slot.Low, slot.High) = slot with { Index = count++ };
            if (!entry.Facts.IsMissing) Distinct++;
        }
        return rarest;
    }

    /// <summary>The most frequent values, most frequent first; equal ones in ordinal order.</summary>
    public IReadOnlyList<ValueCount> Top(int most) => [.. Values.Where(v => !v.Entry.Facts.IsMissing)
        .OrderByDescending(v => v.Slot.Count).ThenBy(v => v.Entry.Text, StringComparer.Ordinal).Take(most)
        .Select(v => new ValueCount(v.Entry.Text, v.Slot.Count))];

    private void Resize(int length)
    {
        var old = slots;
        slots = new Slot[length];
        foreach (ref var slot in old.AsSpan())
            if (slot.Count > 0) Find(slot.Low, slot.High) = slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(ulong low, ulong high)
    {
        // Both halves of the product: every byte of the key matters.
        var upper = Math.BigMul(low ^ 0x9E37_79B9_7F4A_7C15, high ^ 0xBF58_476D_1CE4_E5B9, out var lower);
        return (int)(upper ^ lower);
    }

    private static string Shorten(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, 4 * LongestText + 4)]);
        return text.Length <= LongestText ? text : text[..LongestText] + "…";
    }
}
