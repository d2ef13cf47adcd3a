using TriOps.Core.Families;


namespace TriOps.Core.Metrics;

/// <summary>A metric as projects name it.</summary>
/// <param name="Name">Lower case with underscores: "log_loss".</param>
/// <param name="Tasks">Where it is defined.</param>
/// <param name="Maximise">Whether more is better.</param>
/// <param name="Summary">What it says, in a line.</param>
public sealed record MetricDefinition(string Name, IReadOnlyList<TaskKind> Tasks, bool Maximise, string Summary);

/// <summary>Every metric there is.</summary>
public static class MetricCatalogue
{
    private static readonly TaskKind[] Classifiers = [TaskKind.Binary, TaskKind.Multiclass];
    private static readonly TaskKind[] Regressors = [TaskKind.Regression];

    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new("accuracy", Classifiers, true, "Share of rows whose most probable class is the true one."),
        new("balanced_accuracy", Classifiers, true, "Mean recall over the classes."),
        new("precision", Classifiers, true, "Share of predicted positives that are positive; macro-averaged over three classes or more."),
        new("recall", Classifiers, true, "Share of positives that are predicted so; macro-averaged over three classes or more."),
        new("f1", Classifiers, true, "Harmonic mean of precision and recall; macro-averaged over three classes or more."),
        new("auc", Classifiers, true,
        "Chance that a positive row is ranked above a negative one; macro one-versus-rest over three classes or more."),
        new("average_precision", [TaskKind.Binary], true, "Precision averaged over the steps of recall."),
        new("log_loss", Classifiers, false, "Mean negative logarithm of the true class's probability, in nats."),
        new("brier", Classifiers, false, "Mean squared error of the probabilities."),
        new("ece", Classifiers, false, "Expected calibration error: confidence against accuracy, over 15 bins of equal mass."),
        new("rmse", Regressors, false, "Root of the mean squared error, in the label's unit."),
        new("mae", Regressors, false, "Mean absolute error, in the label's unit."),
        new("r2", Regressors, true, "Share of the label's variance that is explained."),
    ];

    /// <summary>The metrics of a task.</summary>
    public static IReadOnlyList<MetricDefinition> Of(TaskKind task) => [.. All.Where(m => m.Tasks.Contains(task))];

    /// <summary>The metric of that name, or null.</summary>
    public static MetricDefinition? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    /// <summary>What a search optimises unless told otherwise: auc for two classes, macro one-versus-rest auc for more, rmse for
    /// numbers.</summary>
    public static MetricDefinition DefaultObjective(TaskKind task) => Find(task == TaskKind.Regression ? "rmse" : "auc")!;
}
