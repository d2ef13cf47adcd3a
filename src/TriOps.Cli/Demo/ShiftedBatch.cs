using System.Globalization;
using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Demo;

/// <summary>A row to send, and what is true of it.</summary>
internal sealed record LabelledRow(IReadOnlyDictionary<string, string?> Row, string Label);

/// <summary>Later traffic that differs from the data a model learned from: rows of the sample with some columns scaled and a little noise,
/// so that no row repeats one of the training data.</summary>
internal static class ShiftedBatch
{
    /// <summary>Of the noise: 1 % of the value.</summary>
    private const double Noise = 0.01;

    /// <summary>Makes the batch; the same arguments make the same batch.</summary>
    /// <param name="rows">The sample.</param>
    /// <param name="label">The label's column; it is left out of the rows.</param>
    /// <param name="shifts">What is scaled. Missing values stay missing.</param>
    /// <param name="count">How many rows; drawn without replacement until the sample is used up, then again.</param>
    /// <param name="seed">Of draw and noise.</param>
    /// <exception cref="CliException">The sample lacks a shifted column or the label.</exception>
    public static IReadOnlyList<LabelledRow> Make(IReadOnlyList<IReadOnlyDictionary<string, string?>> rows, string label,
        IReadOnlyList<ColumnShift> shifts, int count, int seed)
    {
        foreach (var column in shifts.Select(s => s.Column).Append(label))
            if (!rows[0].ContainsKey(column))
                throw new CliException(Exit.Error, "sample-column",
                    $"The sample has no column '{column}'. Its columns: {string.Join(", ", rows[0].Keys)}.");
        var random = new Random(seed);
        var usable = rows.Where(r => r[label] is not null).ToArray();
        var batch = new List<LabelledRow>(count);
        while (batch.Count < count)
        {
            random.Shuffle(usable);
            batch.AddRange(usable.Take(count - batch.Count).Select(row => new LabelledRow(Shift(row, label, shifts, random), row[label]!)));
        }
        return batch;
    }

    private static Dictionary<string, string?> Shift(IReadOnlyDictionary<string, string?> row, string label,
        IReadOnlyList<ColumnShift> shifts, Random random)
    {
        var shifted = row.Where(c => c.Key != label).ToDictionary(c => c.Key, c => c.Value);
        foreach (var (column, factor) in shifts)
            if (double.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                shifted[column] = (value * factor * (1 + Noise * (2 * random.NextDouble() - 1)))
                    .ToString("G6", CultureInfo.InvariantCulture);
        return shifted;
    }
}
