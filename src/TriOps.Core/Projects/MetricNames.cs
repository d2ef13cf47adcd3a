namespace TriOps.Core.Projects;

/// <summary>The metrics a project file may name, by task.</summary>
public static class MetricNames
{
    /// <summary>Of classifiers.</summary>
    public static IReadOnlyList<string> Classification { get; } = ["accuracy", "auc", "f1", "log_loss", "brier", "precision", "recall", "ece"];

    /// <summary>Of regressions.</summary>
    public static IReadOnlyList<string> Regression { get; } = ["rmse", "mae", "r2"];

    /// <summary>Those of a task.</summary>
    public static IReadOnlyList<string> Of(TaskKind task) => task == TaskKind.Regression ? Regression : Classification;

    /// <summary>True when more of it is better.</summary>
    public static bool MoreIsBetter(string metric) => metric is not ("log_loss" or "brier" or "ece" or "rmse" or "mae");
}
