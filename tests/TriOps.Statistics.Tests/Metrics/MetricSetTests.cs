using TriOps.Statistics.Metrics;


namespace TriOps.Statistics.Tests.Metrics;

/// <summary>Against the examples in scikit-learn's reference (1.5), each named beside its number.</summary>
public sealed class MetricSetTests
{
    private static float[] Pairs(params float[] positive) => [.. positive.SelectMany(p => new[] { 1 - p, p })];

    private static float[] OneHot(int classes, params int[] predicted) =>
        [.. predicted.SelectMany(p => Enumerable.Range(0, classes).Select(c => c == p ? 1f : 0f))];

    [Fact]
    public void Auc_TwoClasses_IsRocAucScoresExample() => // roc_curve: y = [1, 1, 2, 2], scores = [0.1, 0.4, 0.35, 0.8]
        Assert.Equal(0.75, MetricSet.Classification(Pairs(0.1f, 0.4f, 0.35f, 0.8f), [0, 0, 1, 1], 2)["auc"], 1e-12);

    [Fact]
    public void AveragePrecision_TwoClasses_IsAveragePrecisionScoresExample() => // 0.83
        Assert.Equal(5 / 6.0, MetricSet.Classification(Pairs(0.1f, 0.4f, 0.35f, 0.8f), [0, 0, 1, 1], 2)["average_precision"], 1e-12);

    [Fact]
    public void LogLoss_TwoClasses_IsLogLossExample() => // log_loss(["spam", "ham", "ham", "spam"], …) = 0.21616
        Assert.Equal(0.21616, MetricSet.Classification([.1f, .9f, .9f, .1f, .8f, .2f, .35f, .65f], [1, 0, 0, 1], 2)["log_loss"], 1e-5);

    [Fact]
    public void Brier_TwoClasses_IsBrierScoreLossExample() => // brier_score_loss: 0.037
        Assert.Equal(0.0375, MetricSet.Classification(Pairs(0.1f, 0.9f, 0.8f, 0.3f), [0, 1, 1, 0], 2)["brier"], 1e-7);

    [Fact]
    public void Brier_FirstClassPositive_IsTheSame() =>
        Assert.Equal(0.0375, MetricSet.Classification(Pairs(0.1f, 0.9f, 0.8f, 0.3f), [0, 1, 1, 0], 2, positiveIndex: 0)["brier"], 1e-7);

    [Fact]
    public void BalancedAccuracy_TwoClasses_IsBalancedAccuracyScoresExample() => // 0.625
        Assert.Equal(0.625, MetricSet.Classification(OneHot(2, 0, 1, 0, 0, 0, 1), [0, 1, 0, 0, 1, 0], 2)["balanced_accuracy"], 1e-12);

    [Theory] // f1_score, precision_score, recall_score with average='macro': 0.26, 0.22, 0.33
    [InlineData("f1", 0.8 / 3)]
    [InlineData("precision", 2.0 / 9)]
    [InlineData("recall", 1.0 / 3)]
    public void Macro_ThreeClasses_IsTheReferencesExample(string metric, double expected) =>
        Assert.Equal(expected, MetricSet.Classification(OneHot(3, 0, 2, 1, 0, 0, 1), [0, 1, 2, 0, 1, 2], 3)[metric], 1e-12);

    [Fact]
    public void Regression_Example_IsTheReferences() // r2_score 0.948, mean_absolute_error 0.5, mean_squared_error 0.375
    {
        var found = MetricSet.Regression([2.5f, 0, 2, 8], [3, -0.5f, 2, 7]);
        Assert.Equal(0.9486081370449679, found["r2"], 1e-12);
        Assert.Equal(0.5, found["mae"], 1e-12);
        Assert.Equal(Math.Sqrt(0.375), found["rmse"], 1e-12);
    }

    [Fact]
    public void Auc_AllScoresTied_IsOneHalf() =>
        Assert.Equal(0.5, MetricSet.Classification(Pairs(.3f, .3f, .3f, .3f), [0, 1, 1, 0], 2)["auc"], 1e-12);

    [Fact]
    public void Auc_OneClassOnly_IsAbsent()
    {
        var found = MetricSet.Classification(Pairs(0.2f, 0.9f), [1, 1], 2);
        Assert.DoesNotContain("auc", found.Keys);
        Assert.Equal(0.5, found["accuracy"]);
    }

    [Fact]
    public void Precision_NoPredictedPositive_IsAbsent() =>
        Assert.DoesNotContain("precision", MetricSet.Classification(Pairs(0.2f, 0.3f), [1, 0], 2).Keys);

    [Fact]
    public void Outputs_NotANumber_MakeEveryMetricNaN() =>
        Assert.All(MetricSet.Classification([0.5f, 0.5f, float.NaN, float.NaN], [0, 1], 2), m => Assert.True(double.IsNaN(m.Value)));

    [Fact]
    public void CalibrationError_ConfidentAndHalfWrong_IsTheGap() => // confidence 0.9 throughout, accuracy 0.5: |0.5 − 0.9|
        Assert.Equal(0.4, MetricSet.Classification(Pairs(.9f, .9f, .9f, .9f), [1, 0, 1, 0], 2)["ece"], 1e-6);

    [Fact]
    public void CalibrationError_TwoBins_IsTheWeightedGap() // 15 rows at 1.0 all right, 15 at 0.6 with 12 right: ½·0 + ½·|0.8 − 0.6|
    {
        float[] p = [.. Enumerable.Repeat(1f, 15), .. Enumerable.Repeat(0.6f, 15)];
        int[] labels = [.. Enumerable.Repeat(1, 27), .. Enumerable.Repeat(0, 3)];
        Assert.Equal(0.1, MetricSet.Classification(Pairs(p), labels, 2)["ece"], 1e-6);
    }

    [Fact]
    public void Metrics_RowsInAnotherOrder_AreTheSame()
    {
        var random = new Random(1);
        for (var round = 0; round < 20; round++)
        {
            var n = random.Next(5, 80);
            var rows = Enumerable.Range(0, n).Select(_ => (P: MathF.Round(random.NextSingle(), 1), Y: random.Next(2))).ToArray();
            var before = MetricSet.Classification(Pairs([.. rows.Select(r => r.P)]), [.. rows.Select(r => r.Y)], 2);
            random.Shuffle(rows);
            var after = MetricSet.Classification(Pairs([.. rows.Select(r => r.P)]), [.. rows.Select(r => r.Y)], 2);
            Assert.Equal(before.Keys.Order(), after.Keys.Order());
            foreach (var (name, value) in before) Assert.Equal(value, after[name], 1e-9);
        }
    }

    [Fact]
    public void Auc_AnyScores_IsTheShareOfPairsRankedRightly()
    {
        var random = new Random(2);
        for (var round = 0; round < 50; round++)
        {
            var n = random.Next(4, 60);
            var p = Enumerable.Range(0, n).Select(_ => MathF.Round(random.NextSingle(), 1)).ToArray();
            int[] y = [0, 1, .. Enumerable.Range(2, n - 2).Select(_ => random.Next(2))];
            var pairs = (from i in Enumerable.Range(0, n) from j in Enumerable.Range(0, n) where y[i] == 1 && y[j] == 0 select p[i] > p[j]
                ? 1 : p[i] == p[j] ? 0.5 : 0).ToList();
            Assert.Equal(pairs.Average(), MetricSet.Classification(Pairs(p), y, 2)["auc"], 1e-12);
        }
    }
}
