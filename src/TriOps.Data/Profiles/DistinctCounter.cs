using System.Numerics;

namespace TriOps.Data.Profiles;

/// <summary>Estimates how many distinct hashes were added, by HyperLogLog in 8 KiB (standard error 1.15 %).</summary>
/// <param name="least">As many are known to be distinct.</param>
/// <remarks>Source: P. Flajolet et al., "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm", 2007; 2^13
/// registers of 64-bit hashes, which need no correction for large counts.</remarks>
internal sealed class DistinctCounter(long least)
{
    private const int Bits = 13;
    private readonly byte[] registers = new byte[1 << Bits];

    /// <summary>Adds a well-mixed hash.</summary>
    public void Add(ulong hash)
    {
        var index = (int)(hash >> (64 - Bits));
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        if (registers[index] < rank) registers[index] = rank;
    }

    /// <summary>How many distinct hashes were added.</summary>
    public long Count
    {
        get
        {
            double m = registers.Length, sum = 0;
            var empty = 0;
            foreach (var r in registers)
            {
                sum += Math.ScaleB(1, -r);
                if (r == 0) empty++;
            }
            var estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
            if (estimate <= 2.5 * m && empty > 0) estimate = m * Math.Log(m / empty); // Linear counting.
            return Math.Max(least, (long)Math.Round(estimate));
        }
    }
}
