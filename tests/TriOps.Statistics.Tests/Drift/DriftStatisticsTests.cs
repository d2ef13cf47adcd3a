using TriOps.Statistics.Drift;


namespace TriOps.Statistics.Tests.Drift;

public sealed class DriftStatisticsTests
{
    // Smirnov, Annals of Mathematical Statistics 19 (1948) 279: L(0.50) = 0.036055, L(1.00) = 0.730000, L(1.36) = 0.950514, L(1.63) =
    // 0.990154
    [Theory]
    [InlineData(0.50, 0.963945)]
    [InlineData(1.00, 0.270000)]
    [InlineData(1.36, 0.049486)]
    [InlineData(1.63, 0.009846)]
    public void KolmogorovTail_TabledArgument_IsTheTablesValue(double x, double tail) =>
        Assert.Equal(tail, TwoSamples.KolmogorovTail(x), 1e-6);

    [Fact]
    public void KolmogorovTail_WhereTheTwoSeriesMeet_IsContinuous() =>
        Assert.Equal(TwoSamples.KolmogorovTail(1 - 1e-12), TwoSamples.KolmogorovTail(1), 1e-9);

    // SciPy's reference: wasserstein_distance([0, 1, 3], [5, 6, 8]) = 5.0; ([0, 1], [0, 1], [3, 1], [2, 2]) = 0.25, the weights written out
    [Theory]
    [InlineData(new[] { 0f, 1, 3 }, new[] { 5f, 6, 8 }, 5.0, 1.0)]
    [InlineData(new[] { 0f, 0, 0, 1 }, new[] { 0f, 0, 1, 1 }, 0.25, 0.25)]
    [InlineData(new[] { 1f, 2, 3, 4 }, new[] { 3f, 4, 5, 6 }, 2.0, 0.5)] // by hand: at 2, ½ against 0
    [InlineData(new[] { 7f }, new[] { 7f }, 0.0, 0.0)]
    public void TwoSamples_KnownPairs_GiveKnownDistances(float[] a, float[] b, double wasserstein, double d)
    {
        var found = TwoSamples.Of(a, b);
        Assert.Equal(wasserstein, found.Wasserstein, 1e-12);
        Assert.Equal(d, found.KolmogorovSmirnov, 1e-12);
    }

    [Fact]
    // chi2_contingency([[10, 10, 20], [20, 20, 20]]): 2.7777777777777777, p 0.24935220877729619
    public void ChiSquare_TwoByThreeTable_IsScipysExample()
    {
        var found = ChiSquare.Of([10, 10, 20], [20, 20, 20]);
        Assert.Equal(2.7777777777777777, found.Statistic, 1e-12);
        Assert.Equal(0.24935220877729619, found.PValue, 1e-12);
    }

    [Fact]
    public void ChiSquare_RareCategories_ArePooled() =>
        Assert.Equal(ChiSquare.Of([50, 50, 4], [50, 60, 4]), ChiSquare.Of([50, 50, 1, 1, 1, 1], [50, 60, 1, 1, 1, 1]));

    [Theory]
    [InlineData(new long[] { 10 }, new long[] { 20 })]
    [InlineData(new long[] { 0, 0 }, new long[] { 5, 5 })]
    [InlineData(new long[] { 1, 1 }, new long[] { 1, 1 })]
    public void ChiSquare_NothingToCompare_IsNoEvidence(long[] a, long[] b) => Assert.Equal(1, ChiSquare.Of(a, b).PValue);

    [Fact]
    public void StabilityIndex_HalvesToEightyTwenty_IsTheSumByHand() => // 0.3 ln 1.6 + (−0.3) ln 0.4
        Assert.Equal(0.3 * Math.Log(1.6) - 0.3 * Math.Log(0.4), StabilityIndex.Of([50L, 50], [80L, 20]), 1e-12);

    [Fact]
    public void StabilityIndex_EmptyBin_CountsHalfARow() => // (0.5/100 − 0.5) ln(0.01) + (1 − 0.5) ln 2
        Assert.Equal((0.005 - 0.5) * Math.Log(0.01) + 0.5 * Math.Log(2), StabilityIndex.Of([50L, 50], [100L, 0]), 1e-12);

    [Fact]
    public void StabilityIndex_ConstantColumnThatMovesDown_IsSeen() =>
        Assert.True(StabilityIndex.Of([.. Enumerable.Repeat(5f, 100)], 0, [.. Enumerable.Repeat(3f, 100)], 0) > 1);

    [Fact]
    public void StabilityIndex_OnlyMissingValuesAppear_IsSeen() =>
        Assert.True(
            StabilityIndex.Of([.. Enumerable.Range(0, 100).Select(i => (float)i)], 0,
            [.. Enumerable.Range(0, 50).Select(i => 2f * i)], 50) > 0.2);

    [Fact]
    public void Holm_FourValues_AreTheProceduresByHand() => // sorted .005 .01 .03 .04: 4·.005, 3·.01, 2·.03, then the largest so far
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(20_000)]
    public void FloatSort_AnyFloats_AreInOrder(int count)
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, count).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)))
            .Where(float.IsFinite).ToArray();
        var expected = values.Order().ToArray();
        FloatSort.Sort(values);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void TwoSamples_RandomPairs_AgreeWithTheDefinition()
    {
        var random = new Random(6);
        for (var round = 0; round < 50; round++)
        {
            float[] a = Values(), b = Values();
            var grid = a.Concat(b).Distinct().Order().ToArray();
            double F(float[] s, float x) => s.Count(v => v <= x) / (double)s.Length;
            var d = grid.Max(x => Math.Abs(F(a, x) - F(b, x)));
            var w = grid.Zip(grid.Skip(1), (x, y) => Math.Abs(F(a, x) - F(b, x)) * ((double)y - x)).Sum();
            Array.Sort(a);
            Array.Sort(b);
            Assert.Equal(d, TwoSamples.Of(a, b).KolmogorovSmirnov, 1e-12);
            Assert.Equal(w, TwoSamples.Of(a, b).Wasserstein, 1e-9);
        }

        float[] Values() => [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => MathF.Round(random.NextSingle() * 4, 1))];
    }
}
