using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Names;
using TriOps.Data.Tables;

namespace TriOps.Data.Tests.Tables;

public sealed class SliceFinderTests
{
    [Fact]
    public void Find_Categories_AreSlicesFromThirtyRows() // a: 60, b: 30, c: 29, missing: 31
    {
        string[] site =
            [.. Enumerable.Repeat("a", 60), .. Enumerable.Repeat("b", 30), .. Enumerable.Repeat("c", 29), .. Enumerable.Repeat("", 31)];
        var found = SliceFinder.Find(Plan("site"), Data([.. site.Select(_ => 1f)], site));
        Assert.Equal(["all", "site=a", "site=b", "site missing"], found.Select(s => s.Name));
        Assert.Equal([150, 60, 30, 31], found.Select(s => s.Positions.Count));
    }

    [Fact]
    public void Find_Numbers_AreQuartilesThatCoverEveryRowOnce()
    {
        var found =
            SliceFinder.Find(Plan("age"), Data([.. Enumerable.Range(0, 401).Select(i => (float)i)], [.. Enumerable.Repeat("a", 401)]));
        Assert.Equal(["all", "age in [0, 100)", "age in [100, 200)", "age in [200, 300)", "age in [300, 400]"], found.Select(s => s.Name));
        Assert.Equal(Enumerable.Range(0, 401), found.Skip(1).SelectMany(s => s.Positions).Order());
    }

    /// <summary>114 test rows in quartiles would be four slices of 28, none of which is judged.</summary>
    [Theory]
    [InlineData(114, 3)]
    [InlineData(60, 2)]
    [InlineData(59, 0)]
    public void Find_NumbersOfFewRows_AreAsManyPartsAsAreLargeEnough(int rows, int parts)
    {
        var numbers = Enumerable.Range(0, rows).Select(i => (float)i);
        var found = SliceFinder.Find(Plan("age"), Data([.. numbers], [.. Enumerable.Repeat("a", rows)]));
        Assert.Equal(parts, found.Count - 1);
        Assert.Equal(parts == 0 ? 0 : rows, found.Skip(1).Sum(s => s.Positions.Count));
    }

    [Fact]
    public void Find_FewDistinctNumbers_AreSlicesByValue()
    {
        var found =
            SliceFinder.Find(Plan("age"),
            Data([.. Enumerable.Range(0, 90).Select(i => i < 30 ? float.NaN : i % 2)], [.. Enumerable.Repeat("a", 90)]));
        Assert.Equal(["all", "age=0", "age=1", "age missing"], found.Select(s => s.Name));
    }

    [Fact]
    public void Find_ConstantInfinity_DoesNotFail() =>
        Assert.Equal(["all", "age=∞"],
            SliceFinder.Find(Plan("age"), Data([.. Enumerable.Repeat(float.PositiveInfinity, 40)], [.. Enumerable.Repeat("a", 40)]))
            .Select(s => s.Name.Replace("Infinity", "∞")));

    private static TabularData Data(float[] age, string[] site) =>
        new(new(age, site, age.Length), [.. age.Select(_ => "x")], new ulong[age.Length]);

    private static TrainingPlan Plan(string slice) => new(new(ProjectName.Parse("p"), DatasetName.Parse("d"), 1), ContentId.OfBytes([]),
        new(DatasetName.Parse("d"), TaskKind.Binary, "y", null, [], ModelName.Parse("m"), new(),
        new(1, 1, [ModelFamily.Linear], null, TimeSpan.FromMinutes(1)), new([slice]),
            new(new Dictionary<string, double>(), new Dictionary<string, double>(), new Dictionary<string, double>(), null), null),
        [new("age", ColumnKind.Number), new("site", ColumnKind.Category)], ["x", "z"], [], "auc", true, []);
}
