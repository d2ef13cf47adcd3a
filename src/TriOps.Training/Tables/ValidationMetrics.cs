using TriOps.Core.Families;
using TriOps.Statistics.Metrics;

namespace TriOps.Training.Tables;

/// <summary>The domain's metrics of a model's outputs.</summary>
public static class ValidationMetrics
{
    /// <summary>Every metric that is defined on the rows, by name.</summary>
    /// <param name="problem">Decides which there are.</param>
    /// <param name="outputs">Row-major, rows × <see cref="TrainingProblem.Outputs"/>.</param>
    /// <param name="targets">Per row.</param>
    public static IReadOnlyDictionary<string, double> Of(TrainingProblem problem, float[] outputs, float[] targets) => problem.Task == TaskKind.Regression
        ? MetricSet.Regression(outputs, targets)
        : MetricSet.Classification(outputs, Array.ConvertAll(targets, t => (int)t), problem.Classes.Count);

    /// <summary>A point of the objective's curve, where it is defined.</summary>
    public static void LogObjective(ITrainingProgress progress, TrainingProblem problem, float[] outputs, float[] targets, long step)
    {
        if (Of(problem, outputs, targets).TryGetValue(problem.Objective, out var value)) progress.Log($"validation/{problem.Objective}", step, value);
    }
}
