using System.Globalization;
using TriOps.Core.Datasets;
using TriOps.Core.Monitoring;

namespace TriOps.Statistics.Drift;

/// <summary>Drift of one column of numbers. Values that are not finite count as missing.</summary>
internal static class NumberDrift
{
    /// <summary>Compares; the p-value is not yet corrected, and nothing has moved yet.</summary>
    public static ColumnDrift Compare(string column, IEnumerable<float> baseline, IEnumerable<float> window)
    {
        var (a, missingA) = Sorted(baseline);
        var (b, missingB) = Sorted(window);
        var (before, sd) = Moments(a);
        var (after, sdAfter) = Moments(b);
        var distances = a.Length > 0 && b.Length > 0 ? TwoSamples.Of(a, b) : default;
        var p = a.Length > 0 && b.Length > 0 ? distances.PValue(a.Length, b.Length) : 1;
        if (missingA + missingB > 0) // the share of missing values is a second test: Bonferroni over the two
            p = Math.Min(1, 2 * Math.Min(p, ChiSquare.Of([a.Length, missingA], [b.Length, missingB]).PValue));
        var scale = sd > 0 ? sd : sdAfter > 0 ? sdAfter : Math.Abs(after - before);
        var (shareA, shareB) = (Share(missingA, a.Length), Share(missingB, b.Length));
        return new(column, ColumnKind.Number, StabilityIndex.Of(a, missingA, b, missingB), distances.KolmogorovSmirnov, p, scale > 0
            ? distances.Wasserstein / scale : 0,
            before, after, shareA, shareB, Moved: false, Message(column, before, after, sd, shareA, shareB, b.Length));
    }

    private static (float[] Sorted, int Missing) Sorted(IEnumerable<float> values)
    {
        var all = values.ToArray();
        var finite = Array.FindAll(all, float.IsFinite);
        FloatSort.Sort(finite);
        return (finite, all.Length - finite.Length);
    }

    /// <summary>Mean and the sample's standard deviation; zeros where undefined.</summary>
    private static (double Mean, double Deviation) Moments(float[] values)
    {
        if (values.Length == 0) return (0, 0);
        double sum = 0, squares = 0;
        foreach (var value in values) sum += value;
        var mean = sum / values.Length;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return (mean, values.Length < 2 || values[0] == values[^1] ? 0 : Math.Sqrt(squares / (values.Length - 1)));
    }

    private static double Share(int missing, int present) => missing + present == 0 ? 0 : (double)missing / (missing + present);

    private static string Message(string column, double before, double after, double sd, double missingBefore,
        double missingAfter, int present)
    {
        var text = present == 0 ? $"{column}: mean {Text(before)} → no values"
            : sd > 0
            ? string.Create(CultureInfo.InvariantCulture,
            $"{column}: mean {Text(before)} → {Text(after)} ({(after - before) / sd:+0.0;-0.0;+0.0} sd)")
            : $"{column}: mean {Text(before)} → {Text(after)}";
        return Math.Abs(missingAfter - missingBefore) < 0.01 ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text}; missing {missingBefore * 100:0} % → {missingAfter * 100:0} %");
    }

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) is >= 100 and < 1e6 ? "0" : "G3", CultureInfo.InvariantCulture);
}
