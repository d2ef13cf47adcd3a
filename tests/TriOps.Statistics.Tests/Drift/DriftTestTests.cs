using TriOps.Core.Datasets;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Statistics.Drift;

namespace TriOps.Statistics.Tests.Drift;

public sealed class DriftTestTests
{
    private static readonly TableSignature Signature =
        new(TaskKind.Binary, "y", ["radius"], ["site"], ["no", "yes"], new Dictionary<string, IReadOnlyList<string>>());
    private static readonly MonitorSpec Spec = new("0 * * * *", 30, 0.2, 0.01, 0, new(true, TimeSpan.FromDays(1), 30));

    [Fact]
    public void Compare_ShiftedColumn_IsFirstAndSaysByHowMuch()
    {
        var report = Compare(Rows(400, shift: 8, seed: 2));
        Assert.True(report.Drifted);
        var first = report.Columns[0];
        Assert.Equal("radius", first.Column);
        Assert.True(first.Moved && first.PValue < 1e-6 && first.Distance > 1.5);
        Assert.Matches(@"^radius: mean 1\d\.\d → 2\d\.\d \(\+1\.[5-9] sd\)$|^radius: mean 1\d\.\d → 2\d\.\d \(\+2\.\d sd\)$",
            first.Message);
        Assert.DoesNotContain(report.Columns.Skip(1), c => c.Moved);
    }

    [Fact]
    public void Compare_SameDistribution_IsQuiet()
    {
        for (var seed = 2; seed < 22; seed++) Assert.False(Compare(Rows(300, seed: seed)).Drifted);
    }

    [Fact]
    public void Compare_NewCategory_IsNamed()
    {
        var window = Rows(300, seed: 3);
        for (var i = 0; i < 150; i++) window.Categories[i] = "mars";
        var site = Compare(window).Columns.Single(c => c.Column == "site");
        Assert.True(site.Moved);
        Assert.Equal(ColumnKind.Category, site.Kind);
        Assert.Equal("site: share of 'mars' 0 % → 50 %", site.Message);
        Assert.Equal(0.5, site.Distance, 0.06);
    }

    [Fact]
    public void Compare_ValuesGoMissing_IsMoved()
    {
        var window = Rows(300, seed: 3);
        for (var i = 0; i < 300; i++) { window.Numbers[i] = i % 3 == 0 ? float.NegativeInfinity : float.NaN; window.Categories[i] = ""; }
        var report = Compare(window);
        Assert.All(report.Columns.Where(c => c.Column is "radius" or "site"), c => Assert.True(c.Moved && c.MissingAfter == 1, c.Message));
        Assert.Contains("no values; missing 0 % → 100 %", report.Columns.Single(c => c.Column == "radius").Message);
    }

    [Fact]
    public void Compare_OneRow_DoesNotFailOrAlarm() => Assert.False(Compare(Rows(1, seed: 4)).Drifted);

    [Fact]
    public void Compare_NoRows_DoesNotFailOrAlarm() => Assert.False(Compare(new([], [], 0)).Drifted);

    [Fact]
    public void Compare_ConstantColumns_HaveNotMovedUntilTheyDo()
    {
        FeatureRows Constant(float value) => new([.. Enumerable.Repeat(value, 100)], [.. Enumerable.Repeat("a", 100)], 100);
        float[] outputs = [.. Enumerable.Repeat(0.5f, 200)];
        var baseline = new Baseline(1, Signature, Constant(3), outputs);
        Assert.False(DriftTest.Compare(baseline, Constant(3), outputs, Spec).Drifted);
        var moved = DriftTest.Compare(baseline, Constant(4), outputs, Spec).Columns[0];
        Assert.True(moved.Moved);
        Assert.Equal("radius: mean 3 → 4", moved.Message);
    }

    [Fact]
    public void Compare_OutputsMove_AreAColumn()
    {
        var rows = Rows(300, seed: 3);
        var report = DriftTest.Compare(Baseline(), rows, [.. Enumerable.Range(0, 300).SelectMany(_ => new[] { 0.02f, 0.98f })], Spec);
        Assert.Equal("output:yes", report.Columns[0].Column);
        Assert.True(report.Columns[0].Moved);
    }

    [Fact]
    public void Compare_ShareDemanded_IsCountedOverAllColumns()
    {
        var window = Rows(400, shift: 8, seed: 2); // one column of three moves
        Assert.True(DriftTest.Compare(Baseline(), window, Outputs(400), Spec with { Share = 0.3 }).Drifted);
        Assert.False(DriftTest.Compare(Baseline(), window, Outputs(400), Spec with { Share = 0.5 }).Drifted);
    }

    [Fact]
    public void Compare_OtherLayout_IsRefused() => Assert.Throws<ArgumentException>(() => Compare(new([1, 2], ["a"], 1)));

    [Fact]
    public void Baseline_ManyRows_IsAUniformSampleInOrder()
    {
        var rows = new FeatureRows([.. Enumerable.Range(0, 50_000).Select(i => (float)i)], [.. Enumerable.Repeat("a", 50_000)], 50_000);
        var baseline = BaselineBuilder.Build(Signature, rows, r => new float[2 * r.Count], 7);
        Assert.Equal(BaselineBuilder.MaxRows, baseline.Rows.Count);
        Assert.Equal(20_000, baseline.Outputs.Length);
        Assert.Equal(baseline.Rows.Numbers.Distinct().Order(), baseline.Rows.Numbers);
        Assert.Equal(25_000, baseline.Rows.Numbers.Average(v => (double)v), 500.0); // ± 3.5 standard errors of 144
        Assert.Equal(baseline.Rows.Numbers, BaselineBuilder.Build(Signature, rows, r => new float[2 * r.Count], 7).Rows.Numbers);
        Assert.NotEqual(baseline.Rows.Numbers, BaselineBuilder.Build(Signature, rows, r => new float[2 * r.Count], 8).Rows.Numbers);
    }

    [Fact]
    public void Baseline_FewRows_AreAllOfThem() =>
        Assert.Equal([3f, 1, 2],
        BaselineBuilder.Build(Signature, new([3, 1, 2], ["a", "b", "c"], 3), r => new float[2 * r.Count], 7).Rows.Numbers);

    private static DriftReport Compare(FeatureRows window) => DriftTest.Compare(Baseline(), window, Outputs(window.Count), Spec);

    private static Baseline Baseline() => new(1, Signature, Rows(2000, seed: 1), Outputs(2000));

    private static float[] Outputs(int rows) => [.. Enumerable.Range(0, rows).SelectMany(i => new[] { 1 - i % 97 / 97f, i % 97 / 97f })];

    private static FeatureRows Rows(int count, float shift = 0, int seed = 1)
    {
        var random = new Random(seed);
        float Normal() => Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6;
        return new([.. Enumerable.Range(0, count).Select(_ => 14 + 4 * Normal() + shift)],
            [.. Enumerable.Range(0, count).Select(_ => "abc"[random.Next(3)].ToString())], count);
    }
}
