namespace TriOps.Core.Datasets.Profiles;

/// <summary>Quantiles of a stream of numbers in bounded memory: exact for the first thousand, then with a rank error of about 0.2 % of the count.</summary>
/// <remarks>Source: Z. Karnin, K. Lang, E. Liberty, "Optimal Quantile Approximation in Streams", FOCS 2016 (KLL): a ladder of compactors, whose lowest rungs
/// are replaced by sampling as the stream grows. Its random choices come from a fixed seed: the same stream gives the same answers.</remarks>
internal sealed class QuantileSketch(int capacity = 1024)
{
    private const int MostLevels = 10;
    private readonly List<double[]> levels = [new double[16]];
    private readonly List<int> counts = [0];
    private readonly Random random = new(20160816);
    private long baseWeight = 1, inBlock, pick;
    private double held;

    /// <summary>Numbers added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a finite number.</summary>
    public void Add(double value)
    {
        Count++;
        if (baseWeight > 1)
        {
            if (inBlock == 0) pick = random.NextInt64(baseWeight);
            if (inBlock <= pick) held = value;
            if (++inBlock < baseWeight) return;
            (inBlock, value) = (0, held);
        }
        Push(0, value);
    }

    /// <summary>The values at each share (0..1) of the sorted numbers.</summary>
    public double[] At(ReadOnlySpan<double> shares)
    {
        var sorted = Sorted();
        var result = new double[shares.Length];
        if (sorted.Length == 0) return result;
        var exact = baseWeight == 1 && levels.Count == 1;
        for (var i = 0; i < shares.Length; i++)
        {
            if (exact) // Linear interpolation between neighbours, as NumPy's default.
            {
                var place = shares[i] * (sorted.Length - 1);
                var low = (int)place;
                result[i] = sorted[low].Value + (place - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)].Value - sorted[low].Value);
                continue;
            }
            var (rank, passed, at) = (shares[i] * Count, 0L, 0);
            while (at < sorted.Length - 1 && (passed += sorted[at].Weight) < rank) at++;
            result[i] = sorted[at].Value;
        }
        return result;
    }

    /// <summary>How many numbers lie in each of <paramref name="bins"/> equal-width bins between the ends; the sum is <see cref="Count"/>.</summary>
    public long[] Histogram(double min, double max, int bins)
    {
        if (min >= max) return [Count];
        var result = new long[bins];
        foreach (var (value, weight) in Sorted())
            result[Math.Clamp((int)((value - min) / (max - min) * bins), 0, bins - 1)] += weight;
        return result;
    }

    private void Push(int level, double value)
    {
        if (level == levels.Count)
        {
            levels.Add(new double[capacity]);
            counts.Add(0);
        }
        if (counts[level] == levels[level].Length) levels[level] = Grown(levels[level]);
        levels[level][counts[level]++] = value;
        if (counts[level] < capacity) return;
        var full = levels[level];
        Array.Sort(full);
        counts[level] = 0;
        for (var i = random.Next(2); i < capacity; i += 2) Push(level + 1, full[i]);
        if (level == 0 && levels.Count > MostLevels)
        {
            levels.RemoveAt(0); // Empty now: from here on it is sampled.
            counts.RemoveAt(0);
            baseWeight *= 2;
        }
    }

    private double[] Grown(double[] level)
    {
        var larger = new double[Math.Min(capacity, level.Length * 2)];
        level.CopyTo(larger, 0);
        return larger;
    }

    private (double Value, long Weight)[] Sorted()
    {
        var all = new List<(double Value, long Weight)>();
        for (var level = 0; level < levels.Count; level++)
            for (var i = 0; i < counts[level]; i++) all.Add((levels[level][i], baseWeight << level));
        if (inBlock > 0) all.Add((held, inBlock));
        all.Sort((a, b) => a.Value.CompareTo(b.Value));
        return [.. all];
    }
}
