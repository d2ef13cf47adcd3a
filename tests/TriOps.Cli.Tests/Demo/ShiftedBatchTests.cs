using System.Globalization;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Demo;

namespace TriOps.Cli.Tests.Demo;

public sealed class ShiftedBatchTests
{
    private static readonly IReadOnlyList<Dictionary<string, string?>> Rows =
    [
        new() { ["radius"] = "10", ["texture"] = "7", ["diagnosis"] = "benign" },
        new() { ["radius"] = "20", ["texture"] = "8", ["diagnosis"] = "malignant" },
        new() { ["radius"] = null, ["texture"] = "9", ["diagnosis"] = "benign" },
        new() { ["radius"] = "30", ["texture"] = "9", ["diagnosis"] = null },
    ];

    [Fact]
    public void Make_ShiftedColumn_IsScaledWithinOnePercentAndTheRestIsUntouched()
    {
        var batch = ShiftedBatch.Make(Rows, "diagnosis", [new("radius", 1.35)], 3, seed: 1);

        var ten = batch.Single(r => r.Row["texture"] == "7");
        Assert.InRange(double.Parse(ten.Row["radius"]!, CultureInfo.InvariantCulture), 13.365, 13.635);
        Assert.Equal("benign", ten.Label);
        Assert.Null(batch.Single(r => r.Row["texture"] == "9").Row["radius"]);
    }

    [Fact]
    public void Make_LabelColumn_IsNotPartOfTheRowsAndRowsWithoutOneAreLeftOut()
    {
        var batch = ShiftedBatch.Make(Rows, "diagnosis", [new("radius", 1.35)], 30, seed: 1);

        Assert.Equal(30, batch.Count);
        Assert.All(batch, r => Assert.DoesNotContain("diagnosis", r.Row.Keys));
        Assert.All(batch, r => Assert.Contains(r.Label, (string[])["benign", "malignant"]));
    }

    [Fact]
    public void Make_MoreRowsThanTheSample_RepeatsNoShiftedRow()
    {
        var values = ShiftedBatch.Make(Rows, "diagnosis", [new("radius", 1.35)], 30, seed: 1).Select(r => r.Row["radius"])
            .OfType<string>().ToArray();

        Assert.Equal(values.Length, values.Distinct().Count());
    }

    [Fact]
    public void Make_SameSeed_MakesTheSameBatch()
    {
        var (one, two, other) = (Make(5), Make(5), Make(6));

        Assert.Equal(one, two);
        Assert.NotEqual(one, other);

        static string Make(int seed) =>
            string.Join('|', ShiftedBatch.Make(Rows, "diagnosis", [new("radius", 1.35)], 6, seed)
            .Select(r => $"{r.Row["radius"]},{r.Row["texture"]},{r.Label}"));
    }

    [Fact]
    public void Make_SampleLacksAColumn_NamesIt()
    {
        var e = Assert.Throws<CliException>(() => ShiftedBatch.Make(Rows, "diagnosis", [new("area", 1.8)], 3, seed: 1));

        Assert.Contains("'area'", e.Message);
    }
}
