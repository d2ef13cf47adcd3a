using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Statistics.Metrics;

namespace TriOps.Training.Tables;

/// <summary>The domain's metrics of a model's outputs.</summary>
public static class ValidationMetrics
{
    /// <summary>Every metric that is defined on the rows, by name.</summary>
    /// <param name="signature">Decides which there are.</param>
    /// <param name="outputs">Row-major, rows × <see cref="TableSignature.Outputs"/>.</param>
    /// <param name="targets">Per row.</param>
    public static IReadOnlyDictionary<string, double> Of(TableSignature signature, float[] outputs, float[] targets) =>
        signature.Task == TaskKind.Regression
        ? MetricSet.Regression(outputs, targets)
        : MetricSet.Classification(outputs, Array.ConvertAll(targets, t => (int)t), signature.Classes.Count);

    /// <summary>A point of the objective's curve on the validation rows, where it is defined.</summary>
    public static void LogObjective(ITrainingProgress progress, FitRequest request, float[] outputs, long step)
    {
        if (Of(request.Signature, outputs, request.Validation.Targets).TryGetValue(request.Objective, out var value))
            progress.Log($"validation/{request.Objective}", step, value);
    }
}
