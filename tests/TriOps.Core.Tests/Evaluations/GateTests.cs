using TriOps.Core.Evaluations;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Core.Tests.Evaluations;

public sealed class GateTests
{
    [Theory]
    [InlineData(0.90, true)]
    [InlineData(0.89, false)]
    [InlineData(double.NaN, false)]
    public void Decide_Minimum_HoldsFromTheLimitOn(double auc, bool passed) =>
        Assert.Equal(passed, Gate.Decide(Spec(min: 0.9), Of(auc)).Passed);

    [Theory]
    [InlineData(0.30, true)]
    [InlineData(0.31, false)]
    [InlineData(double.NaN, false)]
    public void Decide_Maximum_HoldsUpToTheLimit(double loss, bool passed) =>
        Assert.Equal(passed, Gate.Decide(Spec(max: 0.3), Of(0.95, loss)).Passed);

    [Fact]
    public void Decide_MetricUndefined_DoesNotPass()
    {
        var check = Assert.Single(Gate.Decide(new(new Dictionary<string, double> { ["f1"] = 0 }, None, None, null), Of(0.9)).Checks);
        Assert.False(check.Passed);
        Assert.Contains("undefined", check.Message);
    }

    [Fact]
    public void Decide_WeakSlice_IsNamedUnlessItIsSmall()
    {
        var verdict =
            Gate.Decide(new(None, None, new Dictionary<string, double> { ["auc"] = 0.8 }, null),
            Of(0.9, slices: [("site=a", 30, 0.7), ("site=b", 29, 0.1), ("site=c", 40, 0.9)]));
        Assert.False(verdict.Passed);
        Assert.Equal(["slice min auc (site=a)", "slice min auc (site=c)"], verdict.Checks.Select(c => c.Name));
        Assert.Equal([false, true], verdict.Checks.Select(c => c.Passed));
    }

    [Fact]
    public void Decide_NoSliceIsLargeEnough_IsNotEvaluatedAndDoesNotPass()
    {
        var rule = new GateSpec(None, None, new Dictionary<string, double> { ["auc"] = 0.8 }, null);
        foreach (var slices in ((string, int, double)[][])[[], [("site=a", 29, 0.99), ("site=b", 12, 0.99)]])
        {
            var check = Assert.Single(Gate.Decide(rule, Of(0.9, slices: slices)).Checks);
            Assert.Equal((false, "slice min auc"), (check.Passed, check.Name));
            Assert.Contains("not evaluated", check.Message, StringComparison.Ordinal);
        }
    }

    [Theory] // margin 0.01: a loss of 0.01 is allowed, one of 0.011 is not
    [InlineData("auc", -0.010, 0.01, true)]
    [InlineData("auc", -0.011, 0.01, false)]
    [InlineData("auc", 0.004, -0.005, false)] // a negative margin demands an improvement
    [InlineData("log_loss", 0.02, 0.01, false)] // less is better: the sign turns
    [InlineData("log_loss", -0.02, 0.01, true)]
    [InlineData("auc", double.NaN, 1, false)]
    public void Decide_Champion_HoldsWithinTheMargin(string metric, double difference, double margin, bool passed)
    {
        var evaluation =
            Of(0.9) with { ChampionVersion = 3, Difference = [new(metric, difference, difference - 0.01, difference + 0.01, 100)] };
        var check = Assert.Single(Gate.Decide(new(None, None, None, new(metric, margin)), evaluation).Checks);
        Assert.Equal(passed, check.Passed);
        Assert.Contains("version 3", check.Message);
    }

    [Fact]
    public void Decide_ChampionThatCannotBeScored_IsNoObstacleAndSaysWhy()
    {
        var check =
            Assert.Single(
            Gate.Decide(new(None, None, None, new("auc")), Of(0.9) with { ChampionVersion = 3, ChampionNote = "it needs 'site'." }).Checks);
        Assert.True(check.Passed);
        Assert.Contains("it needs 'site'", check.Message);
    }

    [Fact]
    public void Decide_NoChampionYet_HasNoChampionCheck() => Assert.Empty(Gate.Decide(new(None, None, None, new("auc")), Of(0.9)).Checks);

    private static readonly Dictionary<string, double> None = [];

    private static GateSpec Spec(double? min = null, double? max = null) =>
        new(min is { } a ? new() { ["auc"] = a } : None, max is { } b ? new() { ["log_loss"] = b } : None, None, null);

    private static Evaluation Of(double auc, double loss = 0.2, (string Name, int Rows, double Auc)[]? slices = null) => new("run", 0,
        new(ProjectName.Parse("p"), DatasetName.Parse("d"), 1),
        [new("all", 100, [new("auc", auc, auc, auc, 100), new("log_loss", loss, loss, loss, 100)]), .. (slices ?? [])
        .Select(s => new SliceResult(s.Name, s.Rows, [new("auc", s.Auc, 0, 1, s.Rows)]))],
        null, [], []);
}
