using TriOps.Core.Families;

namespace TriOps.Core.Experiments;

/// <summary>What is searched in each family. The names are the contract between the sampler and the trainer.</summary>
public static class SearchSpaces
{
    /// <summary>Penalties of the logistic or linear regression, per row.</summary>
    public static SearchSpace Linear { get; } = new(ModelFamily.Linear,
    [
        new FloatRange("l2", 1e-6, 10, Default: 1e-3, Log: true),
        new FloatRange("l1", 1e-6, 1, Default: 1e-5, Log: true),
    ]);

    /// <summary>LightGBM's own names and meanings.</summary>
    public static SearchSpace LightGbm { get; } = new(ModelFamily.LightGbm,
    [
        new IntegerRange("num_leaves", 4, 128, Default: 31, Log: true),
        new FloatRange("learning_rate", 0.02, 0.3, Default: 0.1, Log: true),
        new IntegerRange("num_iterations", 50, 400, Default: 100),
        new IntegerRange("min_data_in_leaf", 5, 100, Default: 20, Log: true),
        new FloatRange("feature_fraction", 0.5, 1, Default: 1),
        new FloatRange("bagging_fraction", 0.5, 1, Default: 1),
        new FloatRange("lambda_l2", 1e-6, 10, Default: 1e-3, Log: true),
    ]);

    /// <summary>A multi-layer perceptron trained with AdamW: <c>layers</c> hidden layers of <c>hidden</c> units.</summary>
    public static SearchSpace Mlp { get; } = new(ModelFamily.Mlp,
    [
        new IntegerRange("hidden", 16, 256, Default: 64, Log: true),
        new IntegerRange("layers", 1, 3, Default: 2),
        new FloatRange("learning_rate", 1e-4, 1e-2, Default: 1e-3, Log: true),
        new FloatRange("weight_decay", 1e-6, 1e-1, Default: 1e-4, Log: true),
        new FloatRange("dropout", 0, 0.5, Default: 0.1),
        new IntegerRange("epochs", 10, 60, Default: 30),
        new ChoiceRange("batch_size", [32, 64, 128, 256], DefaultIndex: 1),
    ]);

    /// <summary>The space of a family.</summary>
    public static SearchSpace Of(ModelFamily family) => family switch
    {
        ModelFamily.Linear => Linear,
        ModelFamily.LightGbm => LightGbm,
        ModelFamily.Mlp => Mlp,
        _ => throw new InvalidInputException("family-unknown", $"There is no model family {family}. There are {string.Join(", ", Enum.GetNames<ModelFamily>())}."),
    };
}
