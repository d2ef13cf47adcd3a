using TriOps.Core.Evaluations;

namespace TriOps.Core.Tests.Evaluations;

public sealed class IntervalTests
{
    [Theory] // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_PublishedCounts_GivePublishedInterval(int hits, int rows, double low, double high)
    {
        var found = WilsonInterval.Of(hits, rows, 0.95);
        Assert.Equal(low, found.Low, 5e-5);
        Assert.Equal(high, found.High, 5e-5);
    }

    [Fact]
    public void DeLong_FourRows_IsTheSumByHand() // V10 = {½, 1}, V01 = {1, ½}: variances ⅛ each, ⅛/2 + ⅛/2
    {
        bool[] y = [false, false, true, true];
        var found = DeLong.Of([0.1f, 0.4f, 0.35f, 0.8f], i => y[i])!;
        Assert.Equal(0.75, found.Area, 1e-12);
        Assert.Equal(0.125, DeLong.Variance(found), 1e-12);
    }

    [Fact]
    public void DeLong_AnyScores_AgreesWithTheDefinition() // DeLong et al. 1988, equations 4 and 5, pair by pair
    {
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            var n = random.Next(6, 40);
            var (a, b) = (Scores(n), Scores(n));
            bool[] y = [true, false, true, false, .. Enumerable.Range(4, n - 4).Select(_ => random.Next(2) == 1)];
            var (fast1, fast2) = (DeLong.Of(a, i => y[i])!, DeLong.Of(b, i => y[i])!);
            var (p, q) = (Where(true), Where(false));
            double Psi(float[] s, int i, int j) => s[i] > s[j] ? 1 : s[i] == s[j] ? 0.5 : 0;
            double Cov(double[] u, double[] v) => u.Zip(v, (x, z) => (x - u.Average()) * (z - v.Average())).Sum() / (u.Length - 1);
            double[] V10(float[] s) => [.. p.Select(i => q.Average(j => Psi(s, i, j)))];
            double[] V01(float[] s) => [.. q.Select(j => p.Average(i => Psi(s, i, j)))];
            double Definition(float[] s, float[] t) => Cov(V10(s), V10(t)) / p.Length + Cov(V01(s), V01(t)) / q.Length;
            Assert.Equal(Definition(a, b), DeLong.Covariance(fast1, fast2), 1e-12);
            Assert.Equal(Definition(a, a), DeLong.Variance(fast1), 1e-12);
            int[] Where(bool side) => [.. Enumerable.Range(0, n).Where(i => y[i] == side)];
        }

        float[] Scores(int n) => [.. Enumerable.Range(0, n).Select(_ => MathF.Round(random.NextSingle(), 1))];
    }

    [Fact]
    public void Estimates_SameRowsTwice_AreEqual()
    {
        var rows = Rows(200, noise: 0.5);
        Assert.Equal(MetricEstimates.Of(rows, 0.95), MetricEstimates.Of(rows, 0.95));
    }

    [Fact]
    public void Estimates_EveryMetric_LiesInItsInterval()
    {
        var found = MetricEstimates.Of(Rows(300, noise: 0.6), 0.95);
        Assert.Equal(10, found.Count);
        Assert.All(found, m => Assert.True(m.Low <= m.Value && m.Value <= m.High && m.Low < m.High, m.ToString()));
    }

    [Fact]
    public void Estimates_MoreRows_AreNarrower()
    {
        double Width(int n, string metric) => MetricEstimates.Of(Rows(n, noise: 0.6), 0.95).Where(m => m.Name == metric).Select(m => m.High - m.Low).Single();
        foreach (var metric in (string[])["auc", "accuracy", "log_loss", "f1"]) Assert.True(Width(2000, metric) < Width(200, metric), metric);
    }

    [Fact]
    public void Difference_ModelWithItself_IsZeroInATightInterval()
    {
        var rows = Rows(400, noise: 0.5);
        foreach (var d in PairedDifference.Of(rows, rows, 0.95))
        {
            Assert.Equal(0, d.Value);
            Assert.InRange(0, d.Low, d.High);
            Assert.True(d.High - d.Low < 0.02, d.ToString());
        }
    }

    [Fact]
    public void Difference_BetterModel_ExcludesZero()
    {
        var found = PairedDifference.Of(Rows(1000, noise: 0.2), Rows(1000, noise: 1.5), 0.95);
        Assert.True(found.Single(d => d.Name == "auc").Low > 0);
        Assert.True(found.Single(d => d.Name == "accuracy").Low > 0);
        Assert.True(found.Single(d => d.Name == "log_loss").High < 0);
    }

    [Fact]
    public void Difference_Accuracy_IsBonettAndPricesInterval() // 3 only right by the first, 1 by the second, n = 10: (4 − 2)/12 ± 1.96 √((6/12 − (2/12)²)/12)
    {
        var first = Classes([1, 1, 1, 0, 1, 1, 1, 1, 1, 1]);
        var second = Classes([0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
        var found = PairedDifference.Of(first, second, 0.95).Single(d => d.Name == "accuracy");
        var half = 1.959964 * Math.Sqrt((0.5 - 1 / 36.0) / 12);
        Assert.Equal(0.2, found.Value, 1e-12);
        Assert.Equal(1 / 6.0 - half, found.Low, 1e-6);
        Assert.Equal(1 / 6.0 + half, found.High, 1e-6);

        static ScoredClasses Classes(int[] right) => new([.. right.SelectMany(r => new[] { 1f - r, r })], [.. right.Select(_ => 1)], 2);
    }

    /// <summary>The same rows and labels whatever the noise.</summary>
    private static ScoredClasses Rows(int n, double noise)
    {
        var random = new Random(4);
        var (p, y) = (new float[2 * n], new int[n]);
        for (var i = 0; i < n; i++)
        {
            y[i] = random.Next(2);
            p[2 * i + 1] = (float)(1 / (1 + Math.Exp(-((y[i] - 0.5) * 2 + noise * (random.NextDouble() * 6 - 3)))));
            p[2 * i] = 1 - p[2 * i + 1];
        }
        return new(p, y, 2);
    }
}
