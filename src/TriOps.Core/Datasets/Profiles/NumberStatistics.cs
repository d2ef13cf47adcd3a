namespace TriOps.Core.Datasets.Profiles;

/// <summary>A numeric column's distribution, from one pass.</summary>
internal sealed class NumberStatistics(int sketch)
{
    private static readonly double[] Shares = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
    private readonly QuantileSketch quantiles = new(sketch);
    private double min = double.PositiveInfinity, max = double.NegativeInfinity, mean, squares;

    /// <summary>Numbers added.</summary>
    public long Count => quantiles.Count;

    /// <summary>Adds a finite number (mean and variance by Welford's recurrence, 1962).</summary>
    public void Add(double value)
    {
        quantiles.Add(value);
        if (value < min) min = value;
        if (value > max) max = value;
        var delta = value - mean;
        mean += delta / quantiles.Count;
        squares += delta * (value - mean);
    }

    /// <summary>The distribution; null when no number was added.</summary>
    public NumberProfile? ToProfile()
    {
        if (Count == 0) return null;
        var at = quantiles.At(Shares);
        (at[0], at[^1]) = (min, max);
        var deviation = Count > 1 ? Math.Sqrt(squares / (Count - 1)) : 0;
        return new NumberProfile(min, max, mean, double.IsFinite(deviation) ? deviation : double.MaxValue, at, quantiles.Histogram(min, max, 40));
    }
}
