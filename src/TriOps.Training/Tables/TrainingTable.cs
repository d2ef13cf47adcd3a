using System.Globalization;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Data.Tables;

namespace TriOps.Training.Tables;

/// <summary>Rows with targets.</summary>
/// <param name="Rows">Features.</param>
/// <param name="Targets">Per row: the class's position, or the value.</param>
public sealed record TrainingTable(FeatureRows Rows, float[] Targets)
{
    /// <summary>Fewest steps of 32-bit numbers from the least target to the greatest.</summary>
    private const int LeastSteps = 256;

    /// <summary>Reads the labels of one part of a version. Rows without a label are left out.</summary>
    /// <param name="signature">What labels mean.</param>
    /// <param name="data">The part's rows.</param>
    /// <param name="part">Its name, for messages.</param>
    /// <exception cref="InvalidInputException">No row is left (rows-missing), or a label is no class of the plan or no finite number
    /// (label-invalid).</exception>
    public static TrainingTable From(TableSignature signature, TabularData data, string part)
    {
        var labelled = Enumerable.Range(0, data.Rows.Count).Where(i => data.Labels[i] != "").ToList();
        if (labelled.Count == 0)
            throw new InvalidInputException("rows-missing",
                $"None of the {data.Rows.Count} {part} rows has a value in the label column '{signature.Label}'. Upload more labelled "
                + $"rows, or change '{ProjectKey.Split}' in triops.yaml.");
        if (labelled.Count < data.Rows.Count) data = data.Take(labelled);
        var classes = signature.Classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        return new(data.Rows,
            [.. data.Labels.Select(label => signature.Task == TaskKind.Regression ? Number(signature, label)
            : Class(signature, classes, label))]);
    }

    /// <summary>Checks that there is something to learn.</summary>
    /// <exception cref="InvalidInputException">One class only (label-one-class), no feature (features-missing), one number
    /// only (label-constant), or numbers that 32 bits hardly tell apart (label-precision).</exception>
    public void CheckLearnable(TableSignature signature)
    {
        if (signature.Numbers.Count + signature.Categories.Count == 0)
            throw new InvalidInputException("features-missing",
                $"There is no column to learn '{signature.Label}' from: every other column is excluded, text or a timestamp. Declare a "
                + $"type for some in triops.yaml.");
        if (signature.Task != TaskKind.Regression && Targets.Distinct().Take(2).Count() < 2)
            throw new InvalidInputException("label-one-class",
                $"All {Targets.Length} training rows have the label '{signature.Classes[(int)Targets[0]]}' in '{signature.Label}': a "
                + $"classifier needs two classes at least. Upload rows of the others, or check '{ProjectKey.Label}' in triops.yaml.");
        if (signature.Task == TaskKind.Regression) CheckSpread(signature.Label);
    }

    /// <summary>Models compute in 32 bits: of numbers far from zero that lie close together little is left.</summary>
    private void CheckSpread(string label)
    {
        var (least, most) = (Targets.Min(), Targets.Max());
        if (least == most)
            throw new InvalidInputException("label-constant", string.Create(CultureInfo.InvariantCulture,
                $"All {Targets.Length} training rows have the value {least:G9} in '{label}', as a 32-bit number: there is nothing to "
                + $"learn. Check '{ProjectKey.Label}' in triops.yaml; where the values differ behind their first digits only, subtract "
                + $"a constant from them."));
        var largest = Math.Max(Math.Abs(least), Math.Abs(most));
        var step = MathF.BitIncrement(largest) - largest;
        if (most - least < LeastSteps * step)
            throw new InvalidInputException("label-precision", string.Create(CultureInfo.InvariantCulture,
                $"'{label}' lies between {least:G9} and {most:G9}, where 32-bit numbers, in which models compute, are {step:G3} apart: "
                + $"{(most - least) / step:0} steps are left of it, and at least {LeastSteps} are wanted. Subtract a constant from the "
                + $"column."));
    }

    private static float Number(TableSignature signature, string label) =>
        float.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) ? value
            : throw new InvalidInputException("label-invalid",
            $"'{Shorten(label)}' in the label column '{signature.Label}' is not a finite number, and the task is regression. Correct the "
            + $"rows, or list the text under '{ProjectKey.MissingValues}' in triops.yaml.");

    private static float Class(TableSignature signature, Dictionary<string, int> classes, string label) =>
        classes.TryGetValue(label, out var found) ? found
            : throw new InvalidInputException("label-invalid",
            $"'{Shorten(label)}' in the label column '{signature.Label}' is none of the {classes.Count} classes of the plan. Start a new "
            + $"run, so that it is planned with today's classes.");

    private static string Shorten(string label) => label.Length <= 40 ? label : label[..40] + "…";
}
