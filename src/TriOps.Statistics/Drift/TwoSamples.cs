namespace TriOps.Statistics.Drift;

/// <summary>Distances between two samples of numbers, from one merge of the sorted values.</summary>
/// <param name="KolmogorovSmirnov">Largest difference of the two empirical distribution functions, 0..1.</param>
/// <param name="Wasserstein">Area between them, in the values' unit, ≥ 0.</param>
public readonly record struct TwoSamples(double KolmogorovSmirnov, double Wasserstein)
{
    /// <summary>Merges two sorted, finite, non-empty samples.</summary>
    /// <remarks>W₁ = ∫ |F − G|: Vallender, Theory of Probability and its Applications 18 (1974) 784.</remarks>
    public static TwoSamples Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int i = 0, j = 0;
        double largest = 0, area = 0, before = 0, gap = 0;
        while (i < a.Length || j < b.Length)
        {
            var value = j == b.Length || (i < a.Length && a[i] <= b[j]) ? a[i] : b[j];
            if (i + j > 0) area += gap * ((double)value - before);
            while (i < a.Length && a[i] == value) i++;
            while (j < b.Length && b[j] == value) j++;
            gap = Math.Abs((double)i / a.Length - (double)j / b.Length);
            largest = Math.Max(largest, gap);
            before = value;
        }
        return new(largest, area);
    }

    /// <summary>The chance of a <see cref="KolmogorovSmirnov"/> at least this large when both samples come from one distribution:
    /// Kolmogorov's limit with Stephens' correction, good from an effective number of 4 on. Ties make it conservative.</summary>
    /// <param name="rowsA">Of the first sample.</param>
    /// <param name="rowsB">Of the second.</param>
    /// <remarks>Stephens, Journal of the Royal Statistical Society B 32 (1970) 115.</remarks>
    public double PValue(int rowsA, int rowsB)
    {
        var root = Math.Sqrt((double)rowsA * rowsB / (rowsA + rowsB));
        return KolmogorovTail((root + 0.12 + 0.11 / root) * KolmogorovSmirnov);
    }

    /// <summary>P(K &gt; x) of Kolmogorov's distribution.</summary>
    public static double KolmogorovTail(double x)
    {
        if (x < 0.2) return 1;
        double sum = 0;
        if (x < 1) // 1 − √(2π)/x Σ exp(−(2k−1)²π²/8x²) converges faster here
        {
            for (var k = 1; k <= 4; k++) sum += Math.Exp(-(2 * k - 1) * (2 * k - 1) * Math.PI * Math.PI / (8 * x * x));
            return Math.Clamp(1 - Math.Sqrt(2 * Math.PI) / x * sum, 0, 1);
        }
        for (var k = 1; k <= 6; k++) sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * x * x);
        return Math.Clamp(sum, 0, 1);
    }
}
