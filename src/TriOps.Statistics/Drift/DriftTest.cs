using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;

namespace TriOps.Statistics.Drift;

/// <summary>Holds a window of predictions against the rows a model was trained on, column by column.</summary>
public static class DriftTest
{
    /// <summary>Before the names of output columns.</summary>
    public const string OutputPrefix = "output:";

    /// <summary>The report, most moved columns first. A column has moved when its stability index is above the threshold and its p-value,
    /// corrected over the columns, at most the significance: the one asks whether the shift matters, the other whether it is
    /// real.</summary>
    /// <param name="baseline">Of the model version that answered.</param>
    /// <param name="window">What it was asked, in its signature's layout.</param>
    /// <param name="outputs">What it answered: row-major, rows × outputs.</param>
    /// <param name="spec">Thresholds.</param>
    /// <param name="quality">Metrics on the labelled rows.</param>
    /// <exception cref="ArgumentException">The window does not fit the baseline's signature.</exception>
    public static DriftReport Compare(Baseline baseline, FeatureRows window, float[] outputs, MonitorSpec spec,
        IReadOnlyDictionary<string, double>? quality = null)
    {
        var signature = baseline.Signature;
        var (numbers, categories) = (signature.Numbers.Count, signature.Categories.Count);
        if (window.Numbers.Length != window.Count * numbers || window.Categories.Length != window.Count * categories)
            throw new ArgumentException($"{window.Count} rows with {window.Numbers.Length} numbers and {window.Categories.Length} "
                + $"categories do not fit a signature of {numbers} and {categories}.", nameof(window));
        var columns = new List<ColumnDrift>();
        for (var c = 0; c < numbers; c++)
            columns.Add(
                NumberDrift.Compare(signature.Numbers[c], Column(baseline.Rows.Numbers, c, numbers), Column(window.Numbers, c, numbers)));
        for (var c = 0; c < categories; c++)
            columns.Add(
                CategoryDrift.Compare(signature.Categories[c], [.. Column(baseline.Rows.Categories, c, categories)],
                [.. Column(window.Categories, c, categories)]));
        foreach (var (name, c, width) in Outputs(signature))
            columns.Add(NumberDrift.Compare(OutputPrefix + name, Column(baseline.Outputs, c, width), Column(outputs, c, width)));

        var corrected = Holm.Adjust([.. columns.Select(c => c.PValue)]);
        var judged =
            columns.Select((c, i) => c with { PValue = corrected[i], Moved = c.Psi > spec.Threshold && corrected[i] <= spec.Significance })
            .OrderByDescending(c => c.Moved).ThenByDescending(c => c.Psi).ThenBy(c => c.Column, StringComparer.Ordinal).ToList();
        var moved = judged.Count(c => c.Moved);
        return new(judged, window.Count, baseline.Rows.Count, moved > 0 && moved >= spec.Share * judged.Count, quality
            ?? new Dictionary<string, double>());
    }

    /// <summary>The outputs worth a look: of two classes the second (the first is its complement), every one of more, or the predicted
    /// number.</summary>
    private static IEnumerable<(string Name, int Column, int Width)> Outputs(TableSignature signature) => signature.Classes.Count switch
    {
        0 => [(signature.Label, 0, 1)],
        2 => [(signature.Classes[1], 1, 2)],
        var k => signature.Classes.Select((name, c) => (name, c, k)),
    };

    private static IEnumerable<T> Column<T>(T[] values, int column, int width)
    {
        for (var i = column; i < values.Length; i += width) yield return values[i];
    }
}
