using System.Globalization;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Families;
using TriOps.Core.Projects;

namespace TriOps.Data.Tables;

/// <summary>From a label's values to the classes of a model.</summary>
public static class LabelClasses
{
    /// <summary>Most classes of a multiclass task.</summary>
    public const int Most = 1000;

    /// <summary>The classes in the order of the model's outputs: by ordinal comparison, but for a binary task's positive class, which is
    /// last.</summary>
    /// <param name="data">Names the version in errors.</param>
    /// <param name="spec">Task, label and positive class.</param>
    /// <param name="labels">The label of every row as written; empty ones are ignored.</param>
    /// <exception cref="InvalidInputException">Too few or too many distinct values for the task, or none is the positive class
    /// (codes label-one-class, label-too-many-classes, label-two-spellings, positive-unknown).</exception>
    public static IReadOnlyList<string> Of(DatasetVersionRef data, PipelineSpec spec, IEnumerable<string> labels)
    {
        if (spec.Task == TaskKind.Regression) return [];
        var most = spec.Task == TaskKind.Binary ? 2 : Most;
        var classes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var label in labels)
            if (label.Length > 0 && classes.Add(label) && classes.Count > most)
                throw new InvalidInputException("label-too-many-classes", spec.Task == TaskKind.Binary
                    ? $"A binary task has two classes, but '{spec.Label}' of {data} has at least {Quote(classes)}. Set task: multiclass, "
                    + $"or correct the values."
                    : $"'{spec.Label}' of {data} has more than {Most} distinct values, among them {Quote(classes.Take(5))}. A number is "
                    + $"predicted with task: regression; an identifier cannot be.");
        if (classes.Count < 2)
            throw new InvalidInputException("label-one-class",
                $"'{spec.Label}' of {data} has {(classes.Count == 0 ? "no value" : $"only the value {Quote(classes)}")}; a classifier "
                + $"needs at least two classes. Upload rows of the other class.");
        RefuseTwoSpellings(data, spec, classes);
        if (spec.Task != TaskKind.Binary) return [.. classes];
        if (spec.Positive is { } positive && !classes.Contains(positive))
            throw new InvalidInputException("positive-unknown",
                $"The positive class is '{positive}', but '{spec.Label}' of {data} has the values {Quote(classes)}. Name one of them in "
                + $"the pipeline.");
        return spec.Positive == classes.Min ? [.. classes.Reverse()] : [.. classes];
    }

    /// <summary>"1" and "1.0", as programs write one number, would be learned as two classes.</summary>
    private static void RefuseTwoSpellings(DatasetVersionRef data, PipelineSpec spec, IEnumerable<string> classes)
    {
        var same = classes.Where(c => double.TryParse(c, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            .GroupBy(c => double.Parse(c, NumberStyles.Float, CultureInfo.InvariantCulture)).FirstOrDefault(g => g.Skip(1).Any());
        if (same is not null)
            throw new InvalidInputException("label-two-spellings",
                $"'{spec.Label}' of {data} has the values {Quote(same)}, which are one number in several spellings and would be learned as "
                + "classes of their own. Write it one way in all rows.");
    }

    private static string Quote(IEnumerable<string> values) =>
        string.Join(", ", values.Select(v => $"'{(v.Length <= 40 ? v : v[..40] + "…")}'"));
}
