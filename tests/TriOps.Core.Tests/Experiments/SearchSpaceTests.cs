using TriOps.Core.Experiments;
using TriOps.Core.Families;

namespace TriOps.Core.Tests.Experiments;

public sealed class SearchSpaceTests
{
    [Fact]
    public void Spaces_EveryFamily_HasDefaultsWithinItsRanges()
    {
        foreach (var family in Enum.GetValues<ModelFamily>())
        {
            var space = SearchSpaces.Of(family);
            Assert.Equal(family, space.Family);
            Assert.Equal(space.Ranges.Count, space.Ranges.Select(r => r.Name).Distinct().Count());
            Assert.All(space.Ranges, r => Assert.True(r.Contains(r.Default), r.Name));
        }
    }

    [Fact]
    public void Resolve_ChoiceByIndex_MeansItsValue() =>
        Assert.Equal(256, SearchSpaces.Mlp.Resolve(new Dictionary<string, double> { ["batch_size"] = 3 })["batch_size"]);

    [Fact]
    public void Resolve_MissingParameter_TakesItsDefault() =>
        Assert.Equal(31, SearchSpaces.LightGbm.Resolve(new Dictionary<string, double>())["num_leaves"]);

    [Theory]
    [InlineData("hidden", 0)]
    [InlineData("hidden", 20.5)]
    [InlineData("hidden", double.NaN)]
    [InlineData("batch_size", 4)]
    [InlineData("batch_size", -1)]
    [InlineData("dropout", double.PositiveInfinity)]
    public void Resolve_OutOfRange_IsRefused(string name, double value)
    {
        var error = Assert.Throws<InvalidInputException>(() => SearchSpaces.Mlp.Resolve(new Dictionary<string, double> { [name] = value }));
        Assert.Equal("parameter-out-of-range", error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_UnknownName_IsRefusedWithTheNamesThereAre()
    {
        var error = Assert.Throws<InvalidInputException>(() => SearchSpaces.Linear.Resolve(new Dictionary<string, double> { ["hidden"] = 1 }));
        Assert.Equal("parameter-unknown", error.Code);
        Assert.Contains("l2, l1", error.Message, StringComparison.Ordinal);
    }
}
