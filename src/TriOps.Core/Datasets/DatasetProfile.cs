namespace TriOps.Core.Datasets;

/// <summary>What a version's values look like, from one pass over all rows.</summary>
/// <param name="Rows">Rows read.</param>
/// <param name="DuplicateRows">Rows equal to an earlier one (by 64-bit hash; the chance of a false hit in 10⁹ rows is below 3 %).</param>
/// <param name="Columns">In file order.</param>
public sealed record DatasetProfile(long Rows, long DuplicateRows, IReadOnlyList<ColumnProfile> Columns);

/// <summary>One column.</summary>
/// <param name="Name">Header.</param>
/// <param name="Kind">As inferred or declared.</param>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Distinct">Distinct values; an estimate (±2 %) above a few thousand.</param>
/// <param name="Numbers">For numbers.</param>
/// <param name="Top">Most frequent values of categories and booleans, most frequent first, at most 64.</param>
/// <param name="Personal">Kinds of personal data seen, with the number of values that match.</param>
/// <param name="Examples">Up to 5 first distinct values, shortened; empty for columns with personal data.</param>
public sealed record ColumnProfile(string Name, ColumnKind Kind, long Missing, long Distinct, NumberProfile? Numbers,
    IReadOnlyList<ValueCount> Top,
    IReadOnlyDictionary<string, long> Personal, IReadOnlyList<string> Examples)
{
    /// <summary>What does not fit the column's kind or rule; null in profiles of other origin.</summary>
    public ColumnFindings? Findings { get; init; }
}

/// <summary>Values that do not fit. The texts name one value and its line; they are null for columns with personal data.</summary>
/// <param name="Infinite">Infinite numbers; they count as missing.</param>
/// <param name="Unreadable">Values that cannot be read as the declared kind.</param>
/// <param name="FirstUnreadable">The first of them.</param>
/// <param name="FirstNotNumber">The first value that is no number in a column where nine in ten are; such a column is no number.</param>
/// <param name="Repeated">Values that occurred before, where they must be unique.</param>
/// <param name="FirstRepeated">The first of them.</param>
/// <param name="NotAllowed">Values that are not among the allowed ones.</param>
/// <param name="FirstNotAllowed">The first of them.</param>
public sealed record ColumnFindings(long Infinite, long Unreadable, string? FirstUnreadable, string? FirstNotNumber, long Repeated,
    string? FirstRepeated, long NotAllowed, string? FirstNotAllowed);

/// <summary>A numeric column's distribution.</summary>
/// <param name="Min">Smallest.</param>
/// <param name="Max">Largest.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="StandardDeviation">Of the sample (n-1).</param>
/// <param name="Quantiles">At 0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.</param>
/// <param name="Histogram">Up to 40 equal-width bins between min and max: counts.</param>
public sealed record NumberProfile(double Min, double Max, double Mean, double StandardDeviation, IReadOnlyList<double> Quantiles,
    IReadOnlyList<long> Histogram);

/// <summary>A value and how often it occurs.</summary>
public sealed record ValueCount(string Value, long Count);
