using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;
using TriOps.Training.Tables.LightGbm;
using TriOps.Training.Tables.Linear;
using TriOps.Training.Tables.Mlp;
using TriOps.Training.Tables;

namespace TriOps.Training.Tests;

/// <summary>ONNX Runtime against the trainer's own outputs. Probabilities: within 1e-5. Regressions: within 1e-5 of the largest target, for
/// graphs add in 32 bits.</summary>
public sealed class OnnxParityTests
{
    public static TheoryData<string, TaskKind> Cases
    {
        get
        {
            var cases = new TheoryData<string, TaskKind>();
            foreach (var family in new[] { "linear", "lightgbm", "mlp" })
                foreach (var task in Enum.GetValues<TaskKind>()) cases.Add(family, task);
            return cases;
        }
    }

    private static IModelTrainer Trainer(string family) =>
        family switch { "linear" => new LinearTrainer(), "mlp" => new MlpTrainer(), _ => new LightGbmTrainer() };

    private static FittedModel Fit(string family, TaskKind task, IReadOnlyDictionary<string, double>? parameters = null) =>
        Trainer(family).Fit(Samples.Request(task, parameters: parameters), new Recorder(), new MemoryCheckpoints(), CancellationToken.None);

    [Theory, MemberData(nameof(Cases))]
    public void Export_OneRowAndAThousand_EqualsTheTrainer(string family, TaskKind task)
    {
        using var model = Fit(family, task);
        using var judge = new OnnxJudge(model);
        foreach (var count in new[] { 1, 1000 })
        {
            var rows = Samples.Table(task, count, 3).Rows;
            ShouldAgree(task, model.Predict(rows), judge.Run(model.Signature, rows));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Export_MissingInfiniteAndUnknownValues_EqualsTheTrainer(string family, TaskKind task)
    {
        using var model = Fit(family, task);
        using var judge = new OnnxJudge(model);
        var outputs = judge.Run(model.Signature, Samples.Hostile);
        Assert.All(outputs, o => Assert.True(float.IsFinite(o)));
        ShouldAgree(task, model.Predict(Samples.Hostile), outputs, task == TaskKind.Regression ? outputs.Max(Math.Abs) : 1);
    }

    [Theory, InlineData(TaskKind.Binary), InlineData(TaskKind.Multiclass), InlineData(TaskKind.Regression)]
    public void Export_ValuesAtAndBesideEveryThreshold_TakesTheTrainersBranch(TaskKind task)
    {
        using var model = Fit("lightgbm", task);
        using var judge = new OnnxJudge(model);
        var values = Thresholds(model).SelectMany(t => new[] { t, MathF.BitDecrement(t), MathF.BitIncrement(t) }).Distinct().ToArray();
        Assert.True(values.Length > 30, $"only {values.Length} values: the trees have no thresholds to speak of");
        var numbers = values.SelectMany(v => new[] { v, v, v }).ToArray();
        var rows = new FeatureRows(numbers, [.. values.SelectMany(_ => new[] { "north", "a" })], values.Length);
        ShouldAgree(task, model.Predict(rows), judge.Run(model.Signature, rows));
    }

    [Fact]
    public void Export_OnlyThatAValueIsMissingMatters_TakesTheTrainersBranch()
    {
        var request = Samples.Request(TaskKind.Binary);
        using var model = Trainer("lightgbm")
            .Fit(request with { Train = Gaps(request.Train), Validation = Gaps(request.Validation) }, new Recorder(),
            new MemoryCheckpoints(), CancellationToken.None);
        Assert.Contains(float.PositiveInfinity, Thresholds(model));
        using var judge = new OnnxJudge(model);
        foreach (var rows in new[] { request.Validation.Rows, Samples.Hostile })
            ShouldAgree(TaskKind.Binary, model.Predict(rows), judge.Run(model.Signature, rows));

        static TrainingTable Gaps(TrainingTable table) =>
            table with {
            Targets = [.. Enumerable.Range(0, table.Rows.Count).Select(i => float.IsNaN(table.Rows.Numbers[i * 3]) ? 1f : 0)] };
    }

    [Theory, InlineData(TaskKind.Binary), InlineData(TaskKind.Multiclass), InlineData(TaskKind.Regression)]
    public void Export_NoSplitIsWorthMaking_GivesTheBaseRate(TaskKind task)
    {
        using var model = Fit("lightgbm", task, new Dictionary<string, double> { ["min_data_in_leaf"] = 1_000_000 });
        using var judge = new OnnxJudge(model);
        var rows = Samples.Table(task, 5, 3).Rows;
        var outputs = judge.Run(model.Signature, rows);
        ShouldAgree(task, model.Predict(rows), outputs);
        var targets = Samples.Table(task, 600, 1).Targets; // What Fit learns from.
        Assert.Equal(task == TaskKind.Regression ? targets.Average() : targets.Count(t => t == 0) / 600f, outputs[0],
        task == TaskKind.Regression ? 0.1f : 1e-3f);
    }

    [Theory, InlineData("linear", true), InlineData("linear", false), InlineData("lightgbm", true), InlineData("lightgbm", false),
        InlineData("mlp", true), InlineData("mlp", false)]
    public void Export_OnlyNumbersOrOnlyCategories_DeclaresThatInputAlone(string family, bool numbers)
    {
        var request = Samples.Request(TaskKind.Binary);
        request = request with
        {
            Signature = numbers ? request.Signature with { Categories = [] } : request.Signature with { Numbers = [] },
            Train = request.Train with { Rows = Only(request.Train.Rows) },
            Validation = request.Validation with { Rows = Only(request.Validation.Rows) },
        };
        using var model = Trainer(family).Fit(request, new Recorder(), new MemoryCheckpoints(), CancellationToken.None);
        using var judge = new OnnxJudge(model);
        ShouldAgree(TaskKind.Binary, model.Predict(request.Validation.Rows), judge.Run(model.Signature, request.Validation.Rows));

        FeatureRows Only(FeatureRows rows) => numbers ? rows with { Categories = [] } : rows with { Numbers = [] };
    }

    [Theory, MemberData(nameof(Cases))]
    public void Export_Metadata_HoldsTheSignature(string family, TaskKind task)
    {
        using var model = Fit(family, task);
        using var judge = new OnnxJudge(model);
        var read = JsonSerializer.Deserialize<TableSignature>(judge.Metadata[OutputExport.SignatureKey], TriOpsJson.Options)!;
        Assert.Equal(model.Signature.Numbers, read.Numbers);
        Assert.Equal(model.Signature.Classes, read.Classes);
        Assert.Equal(["", "north", "south", "Östlich"], read.CategoryValues["site"]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Export_Twice_GivesTheSameBytes(string family, TaskKind task)
    {
        using FittedModel one = Fit(family, task), two = Fit(family, task);
        using MemoryStream a = new(), b = new();
        one.ExportOnnx(a);
        two.ExportOnnx(b);
        Assert.Equal(a.ToArray(), b.ToArray());
    }

    private static List<float> Thresholds(FittedModel model)
    {
        using var stream = new MemoryStream();
        model.ExportOnnx(stream);
        var graph = Onnx.Protobuf.ModelProto.Parser.ParseFrom(stream.ToArray()).Graph;
        return graph.Node.Single(n => n.OpType == "TreeEnsembleRegressor").Attribute.Single(a => a.Name == "nodes_values").Floats.Distinct()
            .ToList();
    }

    private static void ShouldAgree(TaskKind task, float[] expected, float[] actual, float scale = 2000)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(worst <= 1e-5f * (task == TaskKind.Regression ? scale : 1), $"largest difference {worst}");
    }
}
