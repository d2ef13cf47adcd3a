using System.Globalization;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Data.Tables;

namespace TriOps.Training.Tables;

/// <summary>Rows with targets.</summary>
/// <param name="Rows">Features.</param>
/// <param name="Targets">Per row: the class's position, or the value.</param>
public sealed record TrainingTable(FeatureRows Rows, float[] Targets)
{
    /// <summary>Reads the labels of one part of a version. Rows without a label are left out.</summary>
    /// <param name="problem">What labels mean.</param>
    /// <param name="data">The part's rows.</param>
    /// <param name="part">Its name, for messages.</param>
    /// <exception cref="InvalidInputException">No row is left (rows-missing), or a label is no class of the plan or no finite number (label-invalid).</exception>
    public static TrainingTable From(TrainingProblem problem, TabularData data, string part)
    {
        var labelled = Enumerable.Range(0, data.Rows.Count).Where(i => data.Labels[i] != "").ToList();
        if (labelled.Count == 0)
            throw new InvalidInputException("rows-missing", $"None of the {data.Rows.Count} {part} rows has a value in the label column '{problem.Label}'. Upload more labelled rows, or change '{ProjectKey.Split}' in triops.yaml.");
        if (labelled.Count < data.Rows.Count) data = data.Take(labelled, problem.Numbers.Count, problem.Categories.Count);
        var classes = problem.Classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        return new(data.Rows, [.. data.Labels.Select(label => problem.Task == TaskKind.Regression ? Number(problem, label) : Class(problem, classes, label))]);
    }

    /// <summary>Checks that there is something to learn.</summary>
    /// <exception cref="InvalidInputException">One class only (label-one-class), or no feature (features-missing).</exception>
    public void CheckLearnable(TrainingProblem problem)
    {
        if (problem.Numbers.Count + problem.Categories.Count == 0)
            throw new InvalidInputException("features-missing", $"There is no column to learn '{problem.Label}' from: every other column is excluded, text or a timestamp. Declare a type for some in triops.yaml.");
        if (problem.Task != TaskKind.Regression && Targets.Distinct().Take(2).Count() < 2)
            throw new InvalidInputException("label-one-class", $"All {Targets.Length} training rows have the label '{problem.Classes[(int)Targets[0]]}' in '{problem.Label}': a classifier needs two classes at least. Upload rows of the others, or check '{ProjectKey.Label}' in triops.yaml.");
    }

    private static float Number(TrainingProblem problem, string label) =>
        float.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) ? value
            : throw new InvalidInputException("label-invalid", $"'{Shorten(label)}' in the label column '{problem.Label}' is not a finite number, and the task is regression. Correct the rows, or list the text under '{ProjectKey.MissingValues}' in triops.yaml.");

    private static float Class(TrainingProblem problem, Dictionary<string, int> classes, string label) =>
        classes.TryGetValue(label, out var found) ? found
            : throw new InvalidInputException("label-invalid", $"'{Shorten(label)}' in the label column '{problem.Label}' is none of the {classes.Count} classes of the plan. Start a new run, so that it is planned with today's classes.");

    private static string Shorten(string label) => label.Length <= 40 ? label : label[..40] + "…";
}
