using System.Text.Json;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Core.Tests.Models;

public sealed class FeatureRowsTests
{
    private static readonly FeatureRows Rows = new([1, 2, 3, 4, 5, 6], ["a", "b", "c"], 3);

    [Fact]
    public void Take_PositionsInAnyOrder_BringsWholeRows()
    {
        var taken = Rows.Take([2, 0, 2]);
        Assert.Equal([5f, 6f, 1f, 2f, 5f, 6f], taken.Numbers);
        Assert.Equal(["c", "a", "c"], taken.Categories);
        Assert.Equal((2, 1, 3), (taken.NumberWidth, taken.CategoryWidth, taken.Count));
    }

    [Fact]
    public void First_FewerThanThere_AreTheFirst()
    {
        Assert.Equal([1f, 2f, 3f, 4f], Rows.First(2).Numbers);
        Assert.Equal(["a", "b"], Rows.First(2).Categories);
        Assert.Same(Rows, Rows.First(9));
    }

    [Theory, InlineData(1, new[] { 1f, 6, 3, 2, 5, 4 }, "abc"), InlineData(2, new[] { 1f, 2, 3, 4, 5, 6 }, "cab")]
    public void WithShuffled_OneFeature_LeavesTheOthers(int feature, float[] numbers, string categories)
    {
        var shuffled = Rows.WithShuffled(feature, [2, 0, 1]);
        Assert.Equal(numbers, shuffled.Numbers);
        Assert.Equal(categories, string.Concat(shuffled.Categories));
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], Rows.Numbers);
    }

    [Fact]
    public void NoRows_HaveNoWidth() =>
        Assert.Equal((0, 0, 0),
        (new FeatureRows([], [], 0).NumberWidth, new FeatureRows([], [], 0).CategoryWidth, new FeatureRows([], [], 0).Take([]).Count));

    /// <summary>References and baselines hold rows: their JSON is stored and must be read by every later version.</summary>
    [Fact]
    public void Json_IsAsBefore() =>
        Assert.Equal("""{"numbers":[1,2],"categories":["a"],"count":1}""", JsonSerializer.Serialize(Rows.First(1), TriOpsJson.Options));
}
