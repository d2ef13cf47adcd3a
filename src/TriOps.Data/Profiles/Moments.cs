namespace TriOps.Data.Profiles;

/// <summary>Count, range, mean and spread of numbers, put together from parts.</summary>
/// <param name="Count">How many.</param>
/// <param name="Min">Smallest.</param>
/// <param name="Max">Largest.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Squares">Sum of the squared distances from the mean.</param>
/// <remarks>Source: T. Chan, G. Golub, R. LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", COMPSTAT
/// 1982.</remarks>
internal readonly record struct Moments(long Count, double Min, double Max, double Mean, double Squares)
{
    /// <summary>The sample's standard deviation; the largest double where it is larger.</summary>
    public double Deviation => Count < 2 ? 0 : Math.Sqrt(Squares / (Count - 1)) is var d && double.IsFinite(d) ? d : double.MaxValue;

    /// <summary>Of finite numbers, at least one.</summary>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        double min = values[0], max = values[0], sum = 0, squares = 0;
        foreach (var v in values)
        {
            min = Math.Min(min, v);
            max = Math.Max(max, v);
            sum += v;
        }
        var mean = sum / values.Length;
        if (!double.IsFinite(mean))
        {
            mean = 0;
            foreach (var v in values) mean += v / values.Length;
        }
        foreach (var v in values) squares += (v - mean) * (v - mean);
        return new(values.Length, min, max, mean, squares);
    }

    /// <summary>Of one number that occurred <paramref name="times"/> times.</summary>
    public static Moments Of(double value, long times) => new(times, value, value, value, 0);

    /// <summary>Of both parts.</summary>
    public Moments With(in Moments other)
    {
        if (Count == 0) return other;
        if (other.Count == 0) return this;
        var count = Count + other.Count;
        double share = (double)other.Count / count, apart = other.Mean - Mean;
        var mean = double.IsFinite(apart) ? Mean + apart * share : Mean * (1 - share) + other.Mean * share;
        return new(count, Math.Min(Min, other.Min), Math.Max(Max, other.Max), mean, Squares + other.Squares
            + apart * apart * share * Count);
    }
}
