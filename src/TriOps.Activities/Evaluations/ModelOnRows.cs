using System.Globalization;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Statistics.Metrics;

namespace TriOps.Activities.Evaluations;

/// <summary>A model's outputs on labelled rows, put in terms of a plan's classes.</summary>
internal static class ModelOnRows
{
    /// <summary>Outputs and truth, ready to be measured. A class of the plan that the model does not know has probability 0.</summary>
    /// <param name="task">Of the plan.</param>
    /// <param name="classes">Of the plan.</param>
    /// <param name="signature">Of the model.</param>
    /// <param name="outputs">The model's, row-major.</param>
    /// <param name="labels">As written in the data.</param>
    public static IScoredRows Scored(TaskKind task, IReadOnlyList<string> classes, TableSignature signature, float[] outputs,
        IReadOnlyList<string> labels)
    {
        if (task == TaskKind.Regression)
            return new ScoredNumbers(outputs,
                [.. labels.Select(l => float.TryParse(l, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) ? y : float.NaN)]);
        var index = classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i);
        var known = signature.Classes.Select(c => index.GetValueOrDefault(c, -1)).ToArray();
        var probabilities = new float[labels.Count * classes.Count];
        for (var row = 0; row < labels.Count; row++)
            for (var c = 0; c < known.Length; c++)
                if (known[c] >= 0) probabilities[row * classes.Count + known[c]] = outputs[row * known.Length + c];
        return new ScoredClasses(probabilities, [.. labels.Select(l => index.TryGetValue(l, out var i) ? i
            : throw new InvalidInputException("label-unknown",
            $"A row's label is '{l}', which is none of the plan's classes: {string.Join(", ", classes)}. Train on a version "
            + $"that has it."))], classes.Count);
    }
}
