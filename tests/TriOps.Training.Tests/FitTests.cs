using System.Diagnostics;
using TriOps.Core;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Data.Tables;
using TriOps.Training.Tables.LightGbm;
using TriOps.Training.Tables.Linear;
using TriOps.Training.Tables.Mlp;
using TriOps.Training.Native;
using TriOps.Training.Tables;

namespace TriOps.Training.Tests;

public sealed class FitTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoValues = [];
    private static readonly IModelTrainer[] Trainers = [new LinearTrainer(), new LightGbmTrainer(), new MlpTrainer()];

    [Theory, InlineData(ModelFamily.Linear, 0.25), InlineData(ModelFamily.LightGbm, 0.25), InlineData(ModelFamily.Mlp, 0.25)]
    public void Fit_LearnableLabel_BeatsTheBaseRateOnHeldOutRows(ModelFamily family, double limit)
    {
        var recorder = new Recorder();
        using var model = Fit(family, Samples.Request(TaskKind.Binary, 1500), recorder);
        var held = Samples.Table(TaskKind.Binary, 1000, 9);
        // Always giving the base rate costs about 0.69 nats a row; the interaction of 'stepped' with 'grade' is beyond a linear model.
        Assert.InRange(ValidationLoss.Of(Samples.Signature(TaskKind.Binary), model.Predict(held.Rows), held.Targets), 0,
            family == ModelFamily.Linear ? 0.6 : limit);
        Assert.Equal(1, model.Importance.Sum(f => f.Share), 6);
        Assert.Equal(5, model.Importance.Count);
        Assert.Equal(1, recorder.Progress);
        Assert.Contains(recorder.Points, p => p.Key == "train/loss");
        Assert.Contains(recorder.Points, p => p.Key == "validation/log_loss");
    }

    [Fact]
    public void Fit_Perceptron_TellsTheSpanWhereItsTensorsAre()
    {
        using var span = new Activity("train").Start();
        using var model = Fit(ModelFamily.Mlp, Samples.Request(TaskKind.Binary, 60));
        Assert.Equal(TorchRuntime.Ensure().type.ToString().ToLowerInvariant(), span.GetTagItem("triops.device"));
    }

    [Theory, InlineData(ModelFamily.Linear), InlineData(ModelFamily.LightGbm), InlineData(ModelFamily.Mlp)]
    public void Fit_LabelWithOneClass_SaysSo(ModelFamily family)
    {
        var request = Samples.Request(TaskKind.Binary);
        request = request with { Train = request.Train with { Targets = new float[request.Train.Targets.Length] } };
        var error = Assert.Throws<InvalidInputException>(() => Fit(family, request));
        Assert.Equal("label-one-class", error.Code);
        Assert.Contains("'no'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Seconds since 1970 over a year keep 32-bit numbers apart; a few units beside a thousand million do not.</summary>
    [Theory]
    [InlineData(5, 0, "label-constant")]
    [InlineData(1e9, 100, "label-precision")]
    [InlineData(1e9, 10, "label-constant")]
    [InlineData(1.7e9, 3e7, null)]
    [InlineData(0, 1e-3, null)]
    public void CheckLearnable_NumbersFarFromZero_RefusesWhatIsNotToBeToldApart(double from, double spread, string? code)
    {
        var signature = new TableSignature(TaskKind.Regression, "y", ["a"], [], [], NoValues);
        var table = new TrainingTable(new([1, 2, 3], [], 3), [(float)from, (float)(from + spread / 2), (float)(from + spread)]);
        var error = Record.Exception(() => table.CheckLearnable(signature)) as InvalidInputException;
        Assert.Equal(code, error?.Code);
    }

    [Theory, InlineData(ModelFamily.Linear, "l2", -1), InlineData(ModelFamily.LightGbm, "num_leaves", 2.5),
        InlineData(ModelFamily.Mlp, "dropout", double.NaN)]
    public void Fit_ParameterOutOfRange_NamesIt(ModelFamily family, string name, double value)
    {
        var error =
            Assert.Throws<InvalidInputException>(
            () => Fit(family, Samples.Request(TaskKind.Binary, parameters: new Dictionary<string, double> { [name] = value })));
        Assert.Equal("parameter-invalid", error.Code);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Linear_Regression_FindsTheCoefficientsOfLeastSquares()
    {
        var random = new Random(3);
        var numbers = Enumerable.Range(0, 400).Select(_ => random.NextSingle() * 10).ToArray();
        var targets = Enumerable.Range(0, 200).Select(i => 3 * numbers[2 * i] - 2 * numbers[2 * i + 1] + 7).ToArray();
        var table = new TrainingTable(new(numbers, [], 200), targets);
        var signature = new TableSignature(TaskKind.Regression, "y", ["a", "b"], [], [], NoValues);
        using var model = new LinearTrainer()
            .Fit(new(signature, table, table, "log_loss", new Dictionary<string, double> { ["l2"] = 0, ["l1"] = 0 }, 1), new Recorder(),
            new MemoryCheckpoints(), CancellationToken.None);
        Assert.Equal([7f, 3 * 1 - 2 * 2 + 7], model.Predict(new([0, 0, 1, 2], [], 2)).Select(v => (float)Math.Round(v, 2)));
    }

    [Fact]
    public void Linear_StrongL1_LeavesOnlyTheColumnsThatMatter()
    {
        var random = new Random(4);
        var numbers = Enumerable.Range(0, 3000).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var table = new TrainingTable(new(numbers, [], 1000), [.. Enumerable.Range(0, 1000).Select(i => numbers[3 * i] > 0 ? 1f : 0f)]);
        var signature = new TableSignature(TaskKind.Binary, "y", ["signal", "noise", "hiss"], [], ["n", "y"], NoValues);
        using var model = new LinearTrainer()
            .Fit(new(signature, table, table, "log_loss", new Dictionary<string, double> { ["l2"] = 0, ["l1"] = 0.05 }, 1), new Recorder(),
            new MemoryCheckpoints(), CancellationToken.None);
        Assert.Equal(new FeatureImportance("signal", 1), model.Importance[0]);
        Assert.All(model.Importance.Skip(1), f => Assert.Equal(0, f.Share));
    }

    [Fact]
    public void LightGbm_LossStopsFalling_KeepsTheBestIteration()
    {
        var recorder = new Recorder();
        var request =
            Samples.Request(TaskKind.Binary, 150,
            new Dictionary<string, double> { ["num_iterations"] = 2000, ["learning_rate"] = 0.3, ["min_data_in_leaf"] = 2 });
        using var model = Fit(ModelFamily.LightGbm, request, recorder);
        var losses = recorder.Points.Where(p => p.Key == "validation/loss").ToList();
        Assert.InRange(losses.Count, 51, 1000);
        Assert.Equal(losses.Min(p => p.Value),
            ValidationLoss.Of(request.Signature, model.Predict(request.Validation.Rows), request.Validation.Targets), 6);
    }

    [Fact]
    public void TrainingTable_LabelsMissingOrUnknown_DropsTheOneAndRefusesTheOther()
    {
        var signature = new TableSignature(TaskKind.Binary, "y", ["a"], [], ["n", "y"], NoValues);
        var data = new TabularData(new([1, 2, 3], [], 3), ["n", "", "y"], [1, 2, 3]);
        var table = TrainingTable.From(signature, data, "training");
        Assert.Equal([0f, 1f], table.Targets);
        Assert.Equal([1f, 3f], table.Rows.Numbers);
        Assert.Equal("label-invalid",
            Assert.Throws<InvalidInputException>(
            () => TrainingTable.From(signature, data with { Labels = ["n", "maybe", "y"] }, "training")).Code);
        Assert.Equal("rows-missing",
            Assert.Throws<InvalidInputException>(
            () => TrainingTable.From(signature, data with { Labels = ["", "", ""] }, "training")).Code);
    }

    [Fact]
    public void Signature_MoreCategoriesThanAreKept_ListsTheMostFrequent()
    {
        var values = Enumerable.Range(0, 150).SelectMany(v => Enumerable.Repeat($"v{v:D3}", v + 1)).ToArray();
        var signature = new TableSignature(TaskKind.Regression, "y", [], ["c"], [], NoValues);
        var table = new TrainingTable(new([], values, values.Length), [.. values.Select((_, i) => (float)(i % 7))]);
        using var model = new LinearTrainer()
            .Fit(new(signature, table, table, "log_loss", new Dictionary<string, double>(), 1), new Recorder(), new MemoryCheckpoints(),
            CancellationToken.None);
        Assert.Equal(Encoder.MaxCategoryValues, model.Signature.CategoryValues["c"].Count);
        Assert.Equal("v050", model.Signature.CategoryValues["c"][0]);
    }

    private static FittedModel Fit(ModelFamily family, FitRequest request, Recorder? recorder = null) =>
        Trainers.Single(t => t.Family == family).Fit(request, recorder ?? new Recorder(), new MemoryCheckpoints(), CancellationToken.None);
}
