namespace TriOps.Core.Families;

/// <summary>A kind of model the trainer can fit, the simplest first. Stored by name: "linear", "lightGbm", "mlp".</summary>
public enum ModelFamily { /// <summary>Logistic or linear regression with L1/L2 penalties.</summary>
    Linear, /// <summary>Gradient-boosted trees (LightGBM).</summary>
    LightGbm, /// <summary>A multi-layer perceptron (TorchSharp).</summary>
    Mlp }

/// <summary>What families there are. A range says what a search tries; what can be fitted at all is wider, and the trainer's own options
/// bound that.</summary>
public static class FamilyCatalogue
{
    private static readonly IReadOnlyList<TaskKind> EveryTask = [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression];

    /// <summary>Penalties beside the mean loss a row, over standardised features.</summary>
    public static Family Linear { get; } =
        new(ModelFamily.Linear, "linear", "linear model with L1 and L2 penalties", EveryTask, new(ModelFamily.Linear,
    [
        new FloatRange("l2", 1e-6, 10, Default: 1e-3, Log: true),
        new FloatRange("l1", 1e-6, 1, Default: 1e-5, Log: true),
    ]));

    /// <summary>LightGBM's own names and meanings.</summary>
    public static Family LightGbm { get; } =
        new(ModelFamily.LightGbm, "LightGBM", "gradient-boosted ensemble of trees (LightGBM)", EveryTask, new(ModelFamily.LightGbm,
    [
        new IntegerRange("num_leaves", 4, 128, Default: 31, Log: true),
        new FloatRange("learning_rate", 0.02, 0.3, Default: 0.1, Log: true),
        new IntegerRange("num_iterations", 50, 400, Default: 100),
        new IntegerRange("min_data_in_leaf", 5, 100, Default: 20, Log: true),
        new FloatRange("feature_fraction", 0.5, 1, Default: 1),
        new FloatRange("bagging_fraction", 0.5, 1, Default: 1),
        new FloatRange("lambda_l2", 1e-6, 10, Default: 1e-3, Log: true),
    ]));

    /// <summary>A multi-layer perceptron trained with AdamW: <c>layers</c> hidden layers of <c>hidden</c> units.</summary>
    public static Family Mlp { get; } = new(ModelFamily.Mlp, "neural network", "multi-layer perceptron", EveryTask, new(ModelFamily.Mlp,
    [
        new IntegerRange("hidden", 16, 256, Default: 64, Log: true),
        new IntegerRange("layers", 1, 3, Default: 2),
        new FloatRange("learning_rate", 1e-4, 1e-2, Default: 1e-3, Log: true),
        new FloatRange("weight_decay", 1e-6, 1e-1, Default: 1e-4, Log: true),
        new FloatRange("dropout", 0, 0.5, Default: 0.1),
        new IntegerRange("epochs", 10, 60, Default: 30),
        new ChoiceRange("batch_size", [32, 64, 128, 256], DefaultIndex: 1),
    ]));

    /// <summary>All of them, in the order in which a search that names none tries them.</summary>
    public static IReadOnlyList<Family> All { get; } = [LightGbm, Linear, Mlp];

    /// <summary>What is known of a family.</summary>
    /// <exception cref="InvalidInputException">A stored name has no family here (code family-unknown).</exception>
    public static Family Of(ModelFamily name) => All.FirstOrDefault(f => f.Name == name)
        ?? throw new InvalidInputException("family-unknown",
        $"There is no model family {name}. There are {string.Join(", ", All.Select(f => f.Name))}.");

    /// <summary>Those that can learn a task, in <see cref="All"/>'s order; all of them when it is not known yet.</summary>
    public static IReadOnlyList<ModelFamily> For(TaskKind? task) =>
        [.. All.Where(f => task is not { } known || f.Tasks.Contains(known)).Select(f => f.Name)];
}
