using TriOps.Statistics.Metrics;


namespace TriOps.Statistics.Tests.Metrics;

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

    // All 5^5 resamples of 1, 2, 4, 8, 16; computed with Python's statistics.NormalDist from the formulas of DiCiccio and Efron 1996
    [Theory]
    [InlineData(false, 0.06626573549067027, 3.0, 11.6)]
    [InlineData(true, 0.0945501631932036, 6.4, 54.0)]
    public void Bca_EveryResampleOfFive_AgreesWithThePublishedFormulas(bool variance, double acceleration, double low, double high)
    {
        double[] x = [1, 2, 4, 8, 16];
        double Of(double[] v) => variance ? v.Sum(a => (a - v.Average()) * (a - v.Average())) / v.Length : v.Average();
        var resampled = Enumerable.Range(0, 3125)
            .Select(i => Of([x[i % 5], x[i / 5 % 5], x[i / 25 % 5], x[i / 125 % 5], x[i / 625]])).ToList();
        var leftOut = Enumerable.Range(0, 5).Select(i => Of([.. x.Where((_, j) => j != i)])).ToList();
        Assert.Equal(acceleration, BcaInterval.Acceleration(leftOut), 1e-12);
        var found = BcaInterval.Of(resampled, Of(x), leftOut, 0.9);
        Assert.Equal(low, found.Low, 1e-9);
        Assert.Equal(high, found.High, 1e-9);
    }

    [Fact]
    // Efron and Tibshirani 1993, tables 14.1 and 14.2: variance of A, 90 %: (115.8, 259.6); percentiles (100.8, 233.9)
    public void Bootstrap_SpatialTest_IsTheBookS()
    {
        double[] a = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
        var found = Bootstrap.Intervals(a.Length, 0.9, w => new Dictionary<string, double> { ["v"] = Variance(a, w) })["v"];
        Assert.InRange(found.Low, 115.8 - 6, 115.8 + 6); // 2,000 resamples leave an error of about 2 and 5
        Assert.InRange(found.High, 259.6 - 12, 259.6 + 12);
        Assert.Equal(0.061,
            BcaInterval.Acceleration(
            [.. Enumerable.Range(0, 26).Select(i => Variance(a, [.. Enumerable.Range(0, 26).Select(j => i == j ? 0 : 1)]))]), 5e-4);
    }

    [Fact]
    // 90 % intervals of the variance of 40 exponential rows; the true variance is 1
    public void Bootstrap_SkewedRows_CoversMoreOftenThanPercentiles()
    {
        var random = new Random(11);
        var (bca, percentile, tries) = (0, 0, 300);
        for (var t = 0; t < tries; t++)
        {
            double[] x = [.. Enumerable.Range(0, 40).Select(_ => -Math.Log(1 - random.NextDouble()))];
            var resampled = new List<double>();
            var found = Bootstrap.Intervals(40, 0.9, w =>
            {
                resampled.Add(Variance(x, w));
                return new Dictionary<string, double> { ["v"] = resampled[^1] };
            })["v"];
            resampled = [.. resampled.Skip(41).Order()]; // The rows themselves and the jackknife come first.
            if (found.Low <= 1 && 1 <= found.High) bca++;
            if (resampled[100] <= 1 && 1 <= resampled[1900]) percentile++;
        }
        Assert.True(bca > percentile, $"{bca} against {percentile} of {tries}");
        Assert.InRange(bca / (double)tries, 0.76, 0.94);
    }

    [Fact]
    public void Bca_NothingVaries_IsThePoint() => Assert.Equal((2, 2), BcaInterval.Of([2, 2, 2], 2, [2, 2], 0.95));

    [Fact]
    public void Auc_FourRows_IsDeLongOnTheLogitScale() // 0.75, variance 1/8: ln 3 ± 1.959964 √⅛ / (0.75 · 0.25)
    {
        bool[] y = [false, false, true, true];
        var (low, high) = AucInterval.Of(DeLong.Of([0.1f, 0.4f, 0.35f, 0.8f], i => y[i])!, 0.95);
        var half = 1.959964 * Math.Sqrt(0.125) / (0.75 * 0.25);
        Assert.Equal(1 / (1 + Math.Exp(-(Math.Log(3) - half))), low, 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-(Math.Log(3) + half))), high, 1e-6);
    }

    [Theory] // Newcombe 2006, method 5, found by scanning 200,001 areas on either side in Python
    [InlineData(1.0, 20, 20, 0.89867, 1)]
    [InlineData(1.0, 5, 8, 0.69644, 1)]
    [InlineData(0.0, 10, 10, 0, 0.199785)]
    [InlineData(0.5, 15, 30, 0.3317025, 0.6682975)]
    [InlineData(0.9, 12, 40, 0.738963, 0.963287)]
    public void Auc_Newcombe_IsThePublishedEquationSolved(double area, int positives, int negatives, double low, double high)
    {
        var found = AucInterval.Newcombe(area, positives, negatives, 0.95);
        Assert.Equal(low, found.Low, 2e-5);
        Assert.Equal(high, found.High, 2e-5);
    }

    [Fact]
    // normal scores, 2.8 standard deviations apart: the true area is Φ(2.8/√2) = 0.97613
    public void Auc_NearlySeparable_CoversAsOftenAsItSays()
    {
        var random = new Random(12);
        var (covered, perfect, tries) = (0, 0, 600);
        for (var t = 0; t < tries; t++)
        {
            float[] scores = [.. Enumerable.Range(0, 40).Select(i => (float)(Gauss() + (i < 20 ? 2.8 : 0)))];
            var roc = DeLong.Of(scores, i => i < 20)!;
            var (low, high) = AucInterval.Of(roc, 0.95);
            Assert.True(low < high && low <= roc.Area && roc.Area <= high);
            if (roc.Area == 1) perfect++;
            if (low <= 0.97613 && 0.97613 <= high) covered++;
        }
        Assert.True(perfect > 20, $"{perfect}"); // Plain DeLong covers none of these.
        Assert.InRange(covered / (double)tries, 0.93, 0.995);

        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Fact]
    public void Difference_TwoPerfectModels_AreNotCertainlyTheSame()
    {
        bool[] y = [.. Enumerable.Range(0, 30).Select(i => i >= 15)];
        var (a, b) =
            (DeLong.Of([.. Enumerable.Range(0, 30).Select(i => (float)i)], i => y[i])!,
            DeLong.Of([.. Enumerable.Range(0, 30).Select(i => y[i] ? 2f : 1)], i => y[i])!);
        var (low, high) = AucInterval.OfDifference(a, b, 0.95);
        var edge = AucInterval.Newcombe(1, 15, 15, 0.95).Low;
        Assert.Equal(edge - 1, low, 1e-12);
        Assert.Equal(1 - edge, high, 1e-12);
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
        double Width(int n, string metric) => MetricEstimates.Of(Rows(n, noise: 0.6), 0.95).Where(m => m.Name == metric)
            .Select(m => m.High - m.Low).Single();
        foreach (var metric in (string[])["auc", "accuracy", "log_loss", "f1"])
            Assert.True(Width(2000, metric) < Width(200, metric), metric);
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
    // 3 only right by the first, 1 by the second, n = 10: (4 − 2)/12 ± 1.96 √((6/12 − (2/12)²)/12)
    public void Difference_Accuracy_IsBonettAndPricesInterval()
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

    /// <summary>Σ w (x − mean)² / Σ w.</summary>
    private static double Variance(double[] x, int[] weights)
    {
        double n = weights.Sum(), mean = x.Zip(weights, (v, w) => v * w).Sum() / n;
        return x.Zip(weights, (v, w) => w * (v - mean) * (v - mean)).Sum() / n;
    }
}
