using System.Globalization;
using TriOps.Core.Datasets;
using TriOps.Core.Monitoring;

namespace TriOps.Statistics.Drift;

/// <summary>Drift of one column of categories. A missing value ("") is a category of its own.</summary>
internal static class CategoryDrift
{
    /// <summary>Compares; the p-value is not yet corrected, and nothing has moved yet.</summary>
    public static ColumnDrift Compare(string column, IReadOnlyList<string> baseline, IReadOnlyList<string> window)
    {
        var counts = new SortedDictionary<string, (long A, long B)>(StringComparer.Ordinal);
        foreach (var value in baseline) counts[value] = counts.TryGetValue(value, out var c) ? (c.A + 1, c.B) : (1, 0);
        foreach (var value in window) counts[value] = counts.TryGetValue(value, out var c) ? (c.A, c.B + 1) : (0, 1);
        long[] a = [.. counts.Values.Select(c => c.A)], b = [.. counts.Values.Select(c => c.B)];
        double n = Math.Max(1, baseline.Count), m = Math.Max(1, window.Count);
        var test = ChiSquare.Of(a, b);
        var grown = counts.Count == 0 ? default : counts.MaxBy(c => c.Value.B / m - c.Value.A / n);
        var (before, after) = (grown.Value.A / n, grown.Value.B / m);
        var missing = counts.GetValueOrDefault("");
        var distance = counts.Values.Sum(c => Math.Abs(c.A / n - c.B / m)) / 2;
        return new(column, ColumnKind.Category, StabilityIndex.Of(a, b), test.Statistic, test.PValue, distance, before, after,
            missing.A / n, missing.B / m, Moved: false,
            string.Create(CultureInfo.InvariantCulture, $"{column}: share of {Name(grown.Key)} {before * 100:0} % → {after * 100:0} %"));
    }

    private static string Name(string? value) => string.IsNullOrEmpty(value) ? "missing values"
        : $"'{(value.Length <= 40 ? value : value[..40] + "…")}'";
}
