using TriOps.Core.Families;
using TriOps.Core.Metrics;


namespace TriOps.Core.Projects;

/// <summary>The metrics a project file may name, by task.</summary>
public static class MetricNames
{
    /// <summary>Of classifiers.</summary>
    public static IReadOnlyList<string> Classification { get; } = Of(TaskKind.Binary);

    /// <summary>Of regressions.</summary>
    public static IReadOnlyList<string> Regression { get; } = Of(TaskKind.Regression);

    /// <summary>Those of a task.</summary>
    public static IReadOnlyList<string> Of(TaskKind task) => [.. MetricCatalogue.Of(task).Select(m => m.Name)];

    /// <summary>True when more of it is better.</summary>
    public static bool MoreIsBetter(string metric) => MetricCatalogue.Find(metric)?.Maximise ?? true;
}
