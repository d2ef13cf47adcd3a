using TriOps.Core.Governance;
using TriOps.Dashboard.Charts;

namespace TriOps.Dashboard.Tests;

public sealed class ChartTests
{
    [Fact]
    public void Scale_OverValues_MapsEndsAndSkipsWhatIsNotFinite()
    {
        var scale = Scale.Over([double.NaN, 2, 4, double.PositiveInfinity], 100, 0);

        Assert.Equal("100", scale[2]);
        Assert.Equal("50", scale[3]);
        Assert.Equal("0", scale[4]);
    }

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.5, 1 })]
    [InlineData(0.87, 0.93, new[] { 0.88, 0.9, 0.92 })]
    [InlineData(-30, 100, new[] { 0.0, 50, 100 })]
    public void Scale_Ticks_AreRound(double low, double high, double[] expected) =>
        Assert.Equal(expected, new Scale(low, high, 0, 100).Ticks());

    [Fact]
    public void Scale_OfOneValue_IsWidened() => Assert.Equal("50", new Scale(3, 3, 0, 100)[3]);

    [Fact]
    public void LineageLayout_OfADiamond_PutsEachNodeRightOfItsCauses()
    {
        LineageNode N(string id) => new("n", id);
        LineageEdge E(string a, string b) => new(N(a), N(b), "made", default);

        var layout = LineageLayout.Of([E("a", "b"), E("b", "d"), E("a", "d"), E("a", "c")], N("d"));

        var x = layout.Nodes.ToDictionary(p => p.Node.Id, p => p.X);
        Assert.True(x["a"] < x["b"] && x["b"] < x["d"] && x["b"] == x["c"]);
        Assert.Equal(4, layout.Edges.Count);
    }

    [Fact]
    public void LineageLayout_OfACycle_Ends()
    {
        LineageEdge E(string a, string b) => new(new("n", a), new("n", b), "made", default);
        Assert.Equal(2, LineageLayout.Of([E("a", "b"), E("b", "a")], new("n", "a")).Nodes.Count);
    }

    [Theory]
    [InlineData(0.98765, "0.9877")]
    [InlineData(12.345, "12.35")]
    [InlineData(1234.5, "1,234")]
    [InlineData(0.00001, "1.0e-5")]
    [InlineData(double.NaN, "undefined")]
    [InlineData(null, "–")]
    public void Human_Metric_HasFourDigits(double? value, string expected) => Assert.Equal(expected, Human.Metric(value));
}
