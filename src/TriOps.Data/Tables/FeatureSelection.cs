using System.Globalization;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Families;
using TriOps.Core.Projects;

namespace TriOps.Data.Tables;

/// <summary>Which columns a model learns from, and why the others are left out.</summary>
/// <param name="Features">Numbers and booleans first, then categories; each in file order.</param>
/// <param name="Notes">A sentence for each column that is left out, and for rows without a label.</param>
public sealed record FeatureSelection(IReadOnlyList<Column> Features, IReadOnlyList<string> Notes)
{
    /// <summary>Categories with more distinct values than this are identifiers rather than features.</summary>
    public const int MaxCategories = 1000;

    /// <summary>Selects from a version's profile.</summary>
    /// <exception cref="InvalidInputException">The label, an excluded column or a slice's column is missing or cannot be used (codes
    /// label-missing, label-empty, label-not-numeric, exclude-unknown, slice-not-a-feature), or nothing is left
    /// (features-none).</exception>
    public static FeatureSelection Of(DatasetVersionRef data, PipelineSpec spec, DatasetProfile profile)
    {
        var notes = new List<string>();
        CheckLabel(data, spec, profile, notes);
        foreach (var name in spec.Exclude)
            if (!profile.Columns.Any(c => c.Name == name))
                throw new InvalidInputException("exclude-unknown",
                    $"The pipeline excludes '{name}', but {data} has no such column. It has {Names(profile)}.");

        var numbers = new List<Column>();
        var categories = new List<Column>();
        var reasons = new Dictionary<string, string>();
        foreach (var column in profile.Columns)
        {
            var reason = ReasonToLeaveOut(column, spec);
            if (reason is not null) { reasons[column.Name] = reason; notes.Add($"'{column.Name}' is left out: {reason}."); }
            else (column.Kind == ColumnKind.Category ? categories : numbers).Add(new(column.Name, column.Kind));
        }
        if (numbers.Count + categories.Count == 0)
            throw new InvalidInputException("features-none",
                $"{data} has no column to learn from. {string.Join(" ", notes)} Add columns, or declare the kinds of those there are "
                + $"under types.");

        foreach (var slice in spec.Evaluation.Slices)
            if (!numbers.Concat(categories).Any(c => c.Name == slice))
                throw new InvalidInputException("slice-not-a-feature",
                    $"The evaluation slices by '{slice}', which is no feature of {data}: "
                    + $"{reasons.GetValueOrDefault(slice, "there is no such column")}. Slice by one of "
                    + $"{string.Join(", ", numbers.Concat(categories).Select(c => c.Name).Take(20))}.");
        return new([.. numbers, .. categories], notes);
    }

    private static void CheckLabel(DatasetVersionRef data, PipelineSpec spec, DatasetProfile profile, List<string> notes)
    {
        var label = profile.Columns.FirstOrDefault(c => c.Name == spec.Label)
            ?? throw new InvalidInputException("label-missing",
            $"The label is '{spec.Label}', but {data} has no such column. It has {Names(profile)}.");
        if (label.Missing >= profile.Rows)
            throw new InvalidInputException("label-empty",
                $"The label '{spec.Label}' has no value in any of the {profile.Rows:N0} rows of {data}.");
        if (spec.Task == TaskKind.Regression && label.Kind != ColumnKind.Number)
            throw new InvalidInputException("label-not-numeric",
                $"A regression predicts a number, but '{spec.Label}' is read as {label.Kind}, with values such as "
                + $"{string.Join(", ", label.Examples.Select(e => $"'{e}'"))}. Correct the values, or set task to binary or multiclass.");
        if (label.Missing > 0)
            notes.Add(
                string.Create(CultureInfo.InvariantCulture, $"{label.Missing:N0} rows without a value of '{spec.Label}' are left out."));
    }

    private static string? ReasonToLeaveOut(ColumnProfile column, PipelineSpec spec) => column switch
    {
        _ when column.Name == spec.Label => "it is the label",
        _ when spec.Exclude.Contains(column.Name) => "the pipeline excludes it",
        { Kind: ColumnKind.Timestamp } => "times are profiled, but no features",
        { Kind: ColumnKind.Text } => "free text is profiled, but no feature",
        { Distinct: 0 } => "it has no values",
        { Distinct: 1, Missing: 0 } => "every row has the same value",
        { Kind: ColumnKind.Category, Distinct: > MaxCategories } =>
        string.Create(CultureInfo.InvariantCulture, $"it has {column.Distinct:N0} distinct values, more than {MaxCategories:N0}"),
        _ => null,
    };

    private static string Names(DatasetProfile profile) =>
        string.Join(", ", profile.Columns.Take(20).Select(c => c.Name))
            + (profile.Columns.Count > 20 ? $" and {profile.Columns.Count - 20} more" : "");
}
