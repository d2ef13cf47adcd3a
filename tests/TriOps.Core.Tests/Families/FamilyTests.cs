using System.Text.Json;
using TriOps.Core.Families;

namespace TriOps.Core.Tests.Families;

public sealed class FamilyTests
{
    [Fact]
    public void Spaces_EveryFamily_HasDefaultsWithinItsRanges()
    {
        Assert.Equal(Enum.GetValues<ModelFamily>().Order(), FamilyCatalogue.All.Select(f => f.Name).Order());
        foreach (var family in FamilyCatalogue.All)
        {
            var space = family.Space;
            Assert.Equal(family.Name, space.Family);
            Assert.NotEmpty(family.Tasks);
            Assert.Equal(space.Ranges.Count, space.Ranges.Select(r => r.Name).Distinct().Count());
            Assert.All(space.Ranges, r => Assert.True(r.Contains(r.Default), r.Name));
        }
    }

    /// <summary>The sampler tries each family's defaults in this order, so that another order would be another search.</summary>
    [Fact]
    public void All_Order_IsThatOfASearchThatNamesNoFamily() =>
        Assert.Equal([ModelFamily.LightGbm, ModelFamily.Linear, ModelFamily.Mlp], FamilyCatalogue.For(TaskKind.Binary));

    [Theory, InlineData("linear", ModelFamily.Linear), InlineData("lightGbm", ModelFamily.LightGbm), InlineData("mlp", ModelFamily.Mlp)]
    public void Name_Stored_IsReadAndWrittenAsBefore(string stored, ModelFamily family)
    {
        Assert.Equal(family, JsonSerializer.Deserialize<ModelFamily>($"\"{stored}\"", TriOpsJson.Options));
        Assert.Equal($"\"{stored}\"", JsonSerializer.Serialize(family, TriOpsJson.Options));
    }

    [Fact]
    public void Of_NameOfALaterVersion_IsRefusedWithThoseThereAre() =>
        Assert.Contains("LightGbm, Linear, Mlp", Assert.Throws<InvalidInputException>(() => FamilyCatalogue.Of((ModelFamily)99)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Resolve_ChoiceByIndex_MeansItsValue() =>
        Assert.Equal(256, FamilyCatalogue.Mlp.Space.Resolve(new Dictionary<string, double> { ["batch_size"] = 3 })["batch_size"]);

    [Fact]
    public void Resolve_MissingParameter_TakesItsDefault() =>
        Assert.Equal(31, FamilyCatalogue.LightGbm.Space.Resolve(new Dictionary<string, double>())["num_leaves"]);

    [Theory]
    [InlineData("hidden", 0)]
    [InlineData("hidden", 20.5)]
    [InlineData("hidden", double.NaN)]
    [InlineData("batch_size", 4)]
    [InlineData("batch_size", -1)]
    [InlineData("dropout", double.PositiveInfinity)]
    public void Resolve_OutOfRange_IsRefused(string name, double value)
    {
        var error =
            Assert.Throws<InvalidInputException>(
            () => FamilyCatalogue.Mlp.Space.Resolve(new Dictionary<string, double> { [name] = value }));
        Assert.Equal("parameter-out-of-range", error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_UnknownName_IsRefusedWithTheNamesThereAre()
    {
        var error =
            Assert.Throws<InvalidInputException>(
            () => FamilyCatalogue.Linear.Space.Resolve(new Dictionary<string, double> { ["hidden"] = 1 }));
        Assert.Equal("parameter-unknown", error.Code);
        Assert.Contains("l2, l1", error.Message, StringComparison.Ordinal);
    }
}
