using System.Runtime.InteropServices;

namespace TriOps.Statistics.Drift;

/// <summary>Sorts finite floats by radix: three passes of 11 bits, linear in their number.</summary>
public static class FloatSort
{
    private const int Bits = 11, Buckets = 1 << Bits, Small = 512;

    /// <summary>Sorts ascending in place; −0 and 0 keep no order between them.</summary>
    public static void Sort(Span<float> values)
    {
        if (values.Length < Small) { values.Sort(); return; }
        var keys = MemoryMarshal.Cast<float, uint>(values);
        // order of the bits = order of the values
        for (var i = 0; i < keys.Length; i++) keys[i] = (keys[i] & 0x80000000) == 0 ? keys[i] | 0x80000000 : ~keys[i];
        Span<uint> from = keys, to = new uint[keys.Length];
        Span<int> starts = new int[Buckets];
        for (var shift = 0; shift < 32; shift += Bits)
        {
            starts.Clear();
            foreach (var key in from) starts[(int)(key >> shift) & (Buckets - 1)]++;
            for (var (b, sum) = (0, 0); b < Buckets; b++) (starts[b], sum) = (sum, sum + starts[b]);
            foreach (var key in from) to[starts[(int)(key >> shift) & (Buckets - 1)]++] = key;
            var swap = from; from = to; to = swap;
        }
        // three passes: the sorted keys are in the other array
        for (var i = 0; i < keys.Length; i++) keys[i] = (from[i] & 0x80000000) != 0 ? from[i] & 0x7FFFFFFF : ~from[i];
    }
}
