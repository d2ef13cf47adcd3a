using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Data.Tables;
using TriOps.Statistics.Metrics;

namespace TriOps.Activities.Evaluations;

/// <summary>A model's outputs on test rows, of which any slice can be measured.</summary>
/// <param name="plan">The plan whose classes the outputs are put in terms of.</param>
/// <param name="signature">The model's.</param>
/// <param name="outputs">Row-major.</param>
/// <param name="labels">One a row, as written in the data.</param>
public sealed class ScoredModel(TrainingPlan plan, TableSignature signature, float[] outputs, IReadOnlyList<string> labels)
{
    private readonly int width = labels.Count == 0 ? 0 : outputs.Length / labels.Count;

    /// <summary>The rows of a slice, ready to be measured.</summary>
    public IScoredRows On(Slice slice)
    {
        var picked = new float[slice.Positions.Count * width];
        for (var i = 0; i < slice.Positions.Count; i++) Array.Copy(outputs, slice.Positions[i] * width, picked, i * width, width);
        return ModelOnRows.Scored(plan.Spec.Task, plan.Classes, signature, picked, [.. slice.Positions.Select(p => labels[p])]);
    }
}
