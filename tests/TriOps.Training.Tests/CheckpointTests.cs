using TriOps.Core.Families;
using TriOps.Training.Tables;
using TriOps.Training.Tables.LightGbm;
using TriOps.Training.Tables.Linear;
using TriOps.Training.Tables.Mlp;

namespace TriOps.Training.Tests;

public sealed class CheckpointTests
{
    [Theory, InlineData(TaskKind.Binary), InlineData(TaskKind.Multiclass), InlineData(TaskKind.Regression)]
    public void Mlp_StoppedAndResumed_GivesTheSameBitsAsUninterrupted(TaskKind task)
    {
        var request =
            Samples.Request(task, parameters: new Dictionary<string, double> { ["epochs"] = 6, ["dropout"] = 0.2, ["hidden"] = 16 });
        using var whole = new MlpTrainer().Fit(request, new Recorder(), new MemoryCheckpoints(), CancellationToken.None);

        var checkpoints = StoppedAt(new MlpTrainer(), request, step: 3);
        var steps = new List<long>();
        using var resumed = new MlpTrainer().Fit(request, new Recorder { OnStep = steps.Add }, checkpoints, CancellationToken.None);

        Assert.Equal([1, 2, 3, 4, 5, 6], steps); // The first three once more: their points may not have reached the run.
        Assert.Equal(Bytes(whole), Bytes(resumed));
    }

    [Theory, InlineData(TaskKind.Binary), InlineData(TaskKind.Multiclass), InlineData(TaskKind.Regression)]
    public void LightGbm_StoppedAndResumed_ContinuesFromTheTreesThatAreThere(TaskKind task)
    {
        var request = Samples.Request(task, parameters: new Dictionary<string, double> { ["num_iterations"] = 30 });
        using var whole = new LightGbmTrainer().Fit(request, new Recorder(), new MemoryCheckpoints(), CancellationToken.None);

        var checkpoints = StoppedAt(new LightGbmTrainer(), request, step: 12);
        var steps = new List<long>();
        using var resumed = new LightGbmTrainer().Fit(request, new Recorder { OnStep = steps.Add }, checkpoints, CancellationToken.None);

        Assert.Equal(13, steps[0]);
        // Nothing is sampled in this request, so the resumed trees are the same but for the last bits of the scores they start from.
        var rows = Samples.Table(task, 200, 5).Rows;
        var (expected, actual) = (whole.Predict(rows), resumed.Predict(rows));
        var scale = task == TaskKind.Regression ? 2000 : 1;
        Assert.True(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() <= 1e-4 * scale);
    }

    [Fact]
    public void Linear_StoppedAndResumed_ReachesTheSameOptimum()
    {
        var request = Samples.Request(TaskKind.Binary);
        using var whole = new LinearTrainer().Fit(request, new Recorder(), new MemoryCheckpoints(), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var checkpoints = new MemoryCheckpoints();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => new LinearTrainer().Fit(request, new Recorder(), checkpoints, stop.Token));
        Assert.NotNull(checkpoints.State);
        using var resumed = new LinearTrainer().Fit(request, new Recorder(), checkpoints, CancellationToken.None);
        var rows = Samples.Table(TaskKind.Binary, 200, 5).Rows;
        Assert.True(whole.Predict(rows).Zip(resumed.Predict(rows), (e, a) => Math.Abs(e - a)).Max() < 1e-2);
    }

    [Fact]
    public void Mlp_CheckpointOfAnotherRequest_StartsFromTheBeginning()
    {
        var parameters = new Dictionary<string, double> { ["epochs"] = 4, ["hidden"] = 8 };
        var checkpoints = StoppedAt(new MlpTrainer(), Samples.Request(TaskKind.Binary, parameters: parameters, seed: 1), step: 2);
        var recorder = new Recorder();
        using var model = new MlpTrainer()
            .Fit(Samples.Request(TaskKind.Binary, parameters: parameters, seed: 2), recorder, checkpoints, CancellationToken.None);
        using var alone = new MlpTrainer()
            .Fit(Samples.Request(TaskKind.Binary, parameters: parameters, seed: 2), new Recorder(), new MemoryCheckpoints(),
            CancellationToken.None);
        Assert.Equal(Bytes(alone), Bytes(model));
        Assert.Contains("another request", Assert.Single(recorder.Notes), StringComparison.Ordinal);
    }

    [Theory, InlineData("linear"), InlineData("lightgbm"), InlineData("mlp")]
    public void Fit_CheckpointIsGarbage_StartsFromTheBeginning(string family)
    {
        IModelTrainer trainer = family switch { "linear" => new LinearTrainer(), "mlp" => new MlpTrainer(), _ => new LightGbmTrainer() };
        var parameters = family == "mlp" ? new Dictionary<string, double> { ["epochs"] = 1 } : [];
        var recorder = new Recorder();
        using var model =
            trainer.Fit(Samples.Request(TaskKind.Binary, parameters: parameters), recorder,
            new MemoryCheckpoints { State = [0x7b, 0x22, 0x0a, 0xff, 0x00] }, CancellationToken.None);
        Assert.NotEmpty(model.Importance);
        Assert.StartsWith("The checkpoint is not used: ", Assert.Single(recorder.Notes), StringComparison.Ordinal);
    }

    /// <summary>The hash that the version before the loop gave this request: checkpoints of linear and lightgbm that it left are found and
    /// read.</summary>
    [Fact]
    public void HashOf_ARequest_IsAsBefore() => Assert.Equal("7975ad29da54a106b776b7d186478062cacaf8222e22be63d8565bcde84c8458",
        CheckpointHeader.HashOf(Samples.Request(TaskKind.Binary, parameters: new Dictionary<string, double> { ["l2"] = 0.5 })));

    /// <summary>A whole checkpoint of linear in version 1, as bytes.</summary>
    [Fact]
    public void Linear_CheckpointOfBefore_IsResumed()
    {
        var request = Samples.Request(TaskKind.Binary, parameters: new Dictionary<string, double> { ["l2"] = 0.5 });
        var header =
            $$"""{"version":1,"family":"linear","request":"{{CheckpointHeader.HashOf(request)}}","step":7,"bestStep":7,"bestLoss":0.5}"""
            + "\n";
        var recorder = new Recorder();
        // numbers, a missing mark, sites, grades, bias
        byte[] state = [.. System.Text.Encoding.UTF8.GetBytes(header), .. new byte[8 * (3 + 1 + 4 + 2 + 1)]];
        using var model = new LinearTrainer().Fit(request, recorder, new MemoryCheckpoints { State = state }, CancellationToken.None);
        Assert.Empty(recorder.Notes);
        Assert.Equal(8, recorder.Points.First(p => p.Key == "train/loss").Step);
    }

    [Theory]
    [InlineData("""{"version":1,"family":"mlp","request":"r","step":3,"bestStep":3,"bestLoss":0.5}""", "mlp", "not of version 2")]
    [InlineData("""{"version":3,"family":"linear","request":"r","step":3,"bestStep":3,"bestLoss":0.5}""", "linear", "of version 3")]
    public void Fit_CheckpointOfAnotherVersion_IsRefusedInWords(string header, string family, string words)
    {
        var recorder = new Recorder();
        IModelTrainer trainer = family == "mlp" ? new MlpTrainer() : new LinearTrainer();
        var state = System.Text.Encoding.UTF8.GetBytes(header + "\n0123456789");
        using var model =
            trainer.Fit(Samples.Request(TaskKind.Binary, 60, family == "mlp" ? new Dictionary<string, double> { ["epochs"] = 1 } : null),
            recorder,
            new MemoryCheckpoints { State = state }, CancellationToken.None);
        Assert.Contains(words, Assert.Single(recorder.Notes), StringComparison.OrdinalIgnoreCase);
    }

    private static MemoryCheckpoints StoppedAt(IModelTrainer trainer, FitRequest request, long step)
    {
        using var stop = new CancellationTokenSource();
        var checkpoints = new MemoryCheckpoints();
        var recorder = new Recorder { OnStep = s => { if (s == step) stop.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(request, recorder, checkpoints, stop.Token));
        Assert.NotNull(checkpoints.State);
        return checkpoints;
    }

    private static byte[] Bytes(FittedModel model)
    {
        using var stream = new MemoryStream();
        model.ExportOnnx(stream);
        return stream.ToArray();
    }
}
