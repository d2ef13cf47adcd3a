namespace TriOps.Data.Profiles;

/// <summary>A stream of numbers in bounded memory, for quantiles with a rank error of about 0.2 % of the count.</summary>
/// <remarks>Source: Z. Karnin, K. Lang, E. Liberty, "Optimal Quantile Approximation in Streams", FOCS 2016 (KLL): a ladder of compactors,
/// whose lowest rungs are replaced by sampling as the stream grows. The sampler begins when the ladder holds 256 × its capacity, so its own
/// error stays near 0.1 %. Random choices come from a fixed seed: the same stream gives the same answers.</remarks>
internal sealed class QuantileSketch(int capacity = 1024)
{
    private const int MostLevels = 8;
    private readonly Random random = new(20160816);
    private readonly double[] arriving = new double[capacity]; // Not sorted yet.
    private readonly List<double[]> levels = [[]];             // Each sorted; a number in level l stands for baseWeight << l.
    private int arrived;
    private long baseWeight = 1, inBlock, pick;
    private double held;

    /// <summary>Adds finite numbers.</summary>
    public void Add(ReadOnlySpan<double> values)
    {
        var at = 0;
        while (at < values.Length)
        {
            if (baseWeight == 1)
            {
                var count = Math.Min(values.Length - at, capacity - arrived);
                values.Slice(at, count).CopyTo(arriving.AsSpan(arrived));
                (at, arrived) = (at + count, arrived + count);
            }
            else // One of each block of baseWeight numbers, at a random place in it.
            {
                if (inBlock == 0) pick = random.NextInt64(baseWeight);
                var count = (int)Math.Min(values.Length - at, baseWeight - inBlock);
                if (pick >= inBlock) held = values[at + (int)Math.Min(pick - inBlock, count - 1)];
                (at, inBlock) = (at + count, inBlock + count);
                if (inBlock < baseWeight) return;
                inBlock = 0;
                arriving[arrived++] = held;
            }
            if (arrived == capacity) Settle();
        }
    }

    /// <summary>Begins with numbers that occurred more than once; nothing has been added yet.</summary>
    /// <remarks>A weight is put in by its binary digits: N. Ivkin et al., "Streaming Quantiles Algorithms with Small Space and Update
    /// Time", 2019.</remarks>
    public void Seed(IReadOnlyList<(double Value, long Count)> values)
    {
        var sorted = values.OrderBy(v => v.Value).ToArray();
        for (var level = 0; sorted.Any(v => v.Count >> level > 0); level++)
            Push(level, [.. sorted.Where(v => (v.Count >> level & 1) == 1).Select(v => v.Value)]);
    }

    /// <summary>The numbers kept, ascending, each with how many it stands for. The weights sum to the count of all added.</summary>
    public (double Value, long Weight)[] Weighted()
    {
        var all = new List<(double Value, long Weight)>();
        for (var level = 0; level < levels.Count; level++)
            foreach (var value in levels[level]) all.Add((value, baseWeight << level));
        foreach (var value in arriving.AsSpan(0, arrived)) all.Add((value, baseWeight));
        if (inBlock > 0) all.Add((held, inBlock));
        return [.. all.OrderBy(v => v.Value)];
    }

    private void Settle()
    {
        Array.Sort(arriving);
        arrived = 0;
        Push(0, arriving);
        while (levels.Count > MostLevels && levels[0].Length <= 1 && inBlock == 0)
        {
            if (levels[0].Length == 1) (held, inBlock) = (levels[0][0], baseWeight);
            levels.RemoveAt(0); // From here on it is sampled; a number left over is the first of a block.
            baseWeight *= 2;
            if (inBlock > 0) pick = random.NextInt64(baseWeight);
        }
    }

    /// <summary>Puts sorted numbers into a level. One that is full hands every other number on.</summary>
    private void Push(int level, double[] sorted)
    {
        while (levels.Count <= level) levels.Add([]);
        var all = levels[level] = Merge(levels[level], sorted);
        if (all.Length < capacity) return;
        var even = all.Length & ~1;
        levels[level] = all[even..];
        var half = new double[even / 2];
        for (int i = 0, at = random.Next(2); i < half.Length; i++, at += 2) half[i] = all[at];
        Push(level + 1, half);
    }

    private static double[] Merge(double[] a, double[] b)
    {
        if (a.Length == 0) return b;
        if (b.Length == 0) return a;
        var merged = new double[a.Length + b.Length];
        for (int i = 0, j = 0, at = 0; at < merged.Length; at++)
            merged[at] = j == b.Length || (i < a.Length && a[i] <= b[j]) ? a[i++] : b[j++];
        return merged;
    }
}
