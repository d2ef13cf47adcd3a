using System.Globalization;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;

namespace TriOps.Data.Tables;

/// <summary>Some of an evaluation's rows, by name.</summary>
/// <param name="Name">"all", "site=b", "site missing", "age in [30, 42.5)".</param>
/// <param name="Positions">Which rows, ascending.</param>
public sealed record Slice(string Name, IReadOnlyList<int> Positions);

/// <summary>Cuts test rows into the slices a pipeline asks for. The same plan and rows give the same slices.</summary>
public static class SliceFinder
{
    /// <summary>Most values of a categorical column that become slices: the most frequent.</summary>
    public const int MaxValues = 10;

    /// <summary>Most parts that numbers are cut into.</summary>
    private const int MaxParts = 4;

    /// <summary>"all" first; then, column by column as the plan lists them: categories by frequency, or numbers in equal parts, quartiles
    /// or fewer where those were too small (the values themselves when there are ten or fewer), and the rows without a value; only slices
    /// of <see cref="SliceResult.MinRows"/> rows or more.</summary>
    /// <param name="plan">Names the columns; those that are no features are passed over.</param>
    /// <param name="rows">In the plan's layout.</param>
    public static IReadOnlyList<Slice> Find(TrainingPlan plan, TabularData rows)
    {
        var numbers = plan.Features.Count(f => f.Kind != ColumnKind.Category);
        var categories = plan.Features.Count - numbers;
        var found = new List<Slice> { new(SliceResult.All, [.. Enumerable.Range(0, rows.Rows.Count)]) };
        foreach (var column in plan.Spec.Evaluation.Slices.Distinct())
        {
            var index = plan.Features.ToList().FindIndex(f => f.Name == column);
            if (index < 0) continue;
            found.AddRange((index < numbers
                ? OfNumbers(column, [.. Enumerable.Range(0, rows.Rows.Count).Select(i => rows.Rows.Numbers[i * numbers + index])])
                : OfTexts(column,
                [.. Enumerable.Range(0, rows.Rows.Count).Select(i => rows.Rows.Categories[i * categories + index - numbers])]))
                .Where(s => s.Positions.Count >= SliceResult.MinRows));
        }
        return found;
    }

    private static IEnumerable<Slice> OfTexts(string column, string[] values)
    {
        var groups = Enumerable.Range(0, values.Length).GroupBy(i => values[i]).ToList();
        foreach (var group in groups.Where(g => g.Key.Length > 0).OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal).Take(MaxValues))
            yield return new($"{column}={group.Key}", [.. group]);
        foreach (var group in groups.Where(g => g.Key.Length == 0)) yield return new($"{column} missing", [.. group]);
    }

    private static IEnumerable<Slice> OfNumbers(string column, float[] values)
    {
        var present = Enumerable.Range(0, values.Length).Where(i => !float.IsNaN(values[i])).ToArray();
        var distinct = present.Select(i => values[i]).Distinct().Order().ToArray();
        if (distinct.Length is > 0 and <= MaxValues)
            foreach (var value in distinct) yield return new($"{column}={Text(value)}", [.. present.Where(i => values[i] == value)]);
        else if (distinct.Length > 0)
        {
            var sorted = present.Select(i => values[i]).Order().ToArray();
            var parts = Math.Min(MaxParts, sorted.Length / SliceResult.MinRows);
            float[] edges = parts < 2 ? []
                : [.. Enumerable.Range(0, parts + 1)
                .Select(e => sorted[Math.Min((int)((long)e * sorted.Length / parts), sorted.Length - 1)]).Distinct()];
            for (var e = 0; e + 1 < edges.Length; e++)
            {
                var (low, high, last) = (edges[e], edges[e + 1], e + 2 == edges.Length);
                yield return new($"{column} in [{Text(low)}, {Text(high)}{(last ? ']' : ')')}",
                    [.. present.Where(i => values[i] >= low && (values[i] < high || (last && values[i] == high)))]);
            }
        }
        var missing = Enumerable.Range(0, values.Length).Where(i => float.IsNaN(values[i])).ToArray();
        if (missing.Length > 0) yield return new($"{column} missing", missing);
    }

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
