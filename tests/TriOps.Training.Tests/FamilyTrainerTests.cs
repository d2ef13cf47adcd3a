using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Training.Tables.LightGbm;
using TriOps.Training.Tables.Linear;
using TriOps.Training.Tables.Mlp;

namespace TriOps.Training.Tests;

/// <summary>Core's families against the trainers of this room.</summary>
public sealed class FamilyTrainerTests
{
    private static readonly Dictionary<string, double> Nothing = [];

    [Fact]
    public void Families_EachHasOneTrainer()
    {
        using var services = new ServiceCollection().AddTriOpsTraining().BuildServiceProvider();
        Assert.Equal(FamilyCatalogue.All.Select(f => f.Name).Order(), services.GetServices<IModelTrainer>().Select(t => t.Family).Order());
    }

    /// <summary>The values that both lists of defaults had, or the one that every trial was given.</summary>
    [Fact]
    public void Options_NothingAsked_AreTheCataloguesDefaults()
    {
        Assert.Equal(new LinearOptions(1e-3, 1e-5), LinearOptions.From(Nothing));
        Assert.Equal(new LightGbmOptions(31, 0.1, 100, 20, 1, 1, 1e-3), LightGbmOptions.From(Nothing));
        Assert.Equal(new MlpOptions(64, 2, 1e-3, 1e-4, 0.1, 30, 64), MlpOptions.From(Nothing));
    }

    /// <summary>What a search may suggest can be fitted: every parameter at either end of its range, which is not its default, is read, and
    /// changes the options.</summary>
    [Theory, InlineData(ModelFamily.Linear), InlineData(ModelFamily.LightGbm), InlineData(ModelFamily.Mlp)]
    public void Options_EveryRangesEnds_AreReadAndHaveAnEffect(ModelFamily name)
    {
        var space = FamilyCatalogue.Of(name).Space;
        foreach (var range in space.Ranges)
            foreach (var end in Ends(range).Where(e => e != range.Default))
                Assert.NotEqual(Options(name, Nothing),
                    Options(name, space.Resolve(new Dictionary<string, double> { [range.Name] = end })));
    }

    [Fact]
    public void Options_OutOfBounds_NameTheParameter() =>
        Assert.Contains("'num_leaves'",
            Assert.Throws<InvalidInputException>(
            () => LightGbmOptions.From(new Dictionary<string, double> { ["num_leaves"] = 1 })).Message, StringComparison.Ordinal);

    private static object Options(ModelFamily name, IReadOnlyDictionary<string, double> parameters) => name switch
    {
        ModelFamily.Linear => LinearOptions.From(parameters),
        ModelFamily.LightGbm => LightGbmOptions.From(parameters),
        _ => MlpOptions.From(parameters),
    };

    private static double[] Ends(ParameterRange range) => range switch
    {
        FloatRange r => [r.Low, r.High],
        IntegerRange r => [r.Low, r.High],
        ChoiceRange r => [0, r.Choices.Count - 1],
        _ => throw new InvalidOperationException($"{range} has no ends."),
    };
}
