using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Settings;
using TriOps.Core.Storage;
using TriOps.Data;
using TriOps.Data.Packs;
using TriOps.Testing;

namespace TriOps.Images.Tests;

/// <summary>The trainer image's program, started as its ENTRYPOINT does and told its job by the environment, against Azurite and the tumour
/// sample.</summary>
[Collection(Built.Name)]
public sealed class PublishedTrainerTests(PublishedImages images, AzuriteFixture azurite)
{
    [Theory, InlineData(ModelFamily.LightGbm), InlineData(ModelFamily.Mlp)]
    public async Task Trainer_JobNamedByItsEnvironment_EndsWithAGoodModel(ModelFamily family)
    {
        var scope = azurite.NewScope();
        await using var storage = await scope.CreateAsync(s => s.AddTriOpsCore().AddTriOpsData());
        var blobs = storage.GetRequiredService<IBlobs>();
        var job = await StoreJobAsync(blobs, family);

        using var trainer =
            images.Trainer.Start(scope, new Dictionary<string, string> { [SettingNames.Job] = job, [SettingNames.Attempt] = "1" });

        Assert.True(await trainer.EndedAsync() == 0, trainer.Output);
        var end = await blobs.ReadJsonAsync<JobEnd>(JobPaths.End(job), CancellationToken.None);
        Assert.Equal((JobOutcome.Succeeded, 1), (end.Outcome, end.Attempt));
        Assert.InRange(end.Trial().Objective!.Value, 0.97, 1);
        Assert.NotNull(await blobs.FindAsync(ModelPaths.Onnx(end.Trial().Artifacts!.Files.Graph.Id), CancellationToken.None));
    }

    [Fact]
    public async Task Trainer_Terminated_LeavesACheckpointAndNoEnd()
    {
        var scope = azurite.NewScope();
        await using var storage = await scope.CreateAsync(s => s.AddTriOpsCore().AddTriOpsData());
        var blobs = storage.GetRequiredService<IBlobs>();
        var job = await StoreJobAsync(blobs, ModelFamily.Mlp,
            new Dictionary<string, double> { ["epochs"] = 60, ["hidden"] = 256, ["layers"] = 3, ["learning_rate"] = 1e-4,
            ["batch_size"] = 0 }, copies: 8);
        var runs = storage.GetRequiredService<RunLog>();

        using var trainer =
            images.Trainer.Start(scope, new Dictionary<string, string> { [SettingNames.Job] = job, [SettingNames.Attempt] = "1" });
        var ended = trainer.EndedAsync();
        // An epoch is behind it.
        while (!ended.IsCompleted && (await runs.MetricsAsync("run", 0, CancellationToken.None)).Count == 0) await Task.Delay(20);
        trainer.Terminate();

        Assert.True(await ended == 3, trainer.Output);
        Assert.NotNull(await blobs.FindAsync(JobPaths.Checkpoint(job), CancellationToken.None));
        Assert.Null(await blobs.FindAsync(JobPaths.End(job), CancellationToken.None));
    }

    private static async Task<string> StoreJobAsync(IBlobs blobs, ModelFamily family,
        IReadOnlyDictionary<string, double>? parameters = null, int copies = 1)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "samples/breast-cancer/tumours.csv"));
        using var file =
            new MemoryStream(
            Encoding.UTF8.GetBytes(string.Join('\n', [lines[0], .. Enumerable.Repeat(lines[1..], copies).SelectMany(l => l)])));
        var packed = await new FilePacker(blobs).PackAsync("tumours.csv", file, null, CancellationToken.None);
        var manifest = await new DatasetManifest(DatasetManifest.CurrentVersion, [packed.File]).WriteAsync(blobs, CancellationToken.None);
        var (project, dataset) = (ProjectName.Parse("demo"), DatasetName.Parse("tumours"));
        var spec = new PipelineSpec(dataset, TaskKind.Binary, "diagnosis", "malignant", [], ModelName.Parse("diagnosis"), new SplitSpec(),
            new SearchSpec(1, 1, [family], null, TimeSpan.FromMinutes(5)),
            new EvaluationSpec([]),
            new GateSpec(new Dictionary<string, double>(), new Dictionary<string, double>(), new Dictionary<string, double>(), null), null);
        var features = lines[0].Split(',')[1..^1].Select(c => new Column(c, ColumnKind.Number)).ToList();
        var plan =
            JsonSerializer.SerializeToUtf8Bytes(
            new TrainingPlan(new(project, dataset, 1), manifest, spec, features, ["benign", "malignant"], [], "auc", true, []),
            TriOpsJson.Options);
        await blobs.WriteAsync(ModelPaths.Plan(ContentId.OfBytes(plan)), plan, WriteMode.IfAbsent, CancellationToken.None);
        var job = new JobSpec("job-1",
            new TrialWork("run", 0, ContentId.OfBytes(plan), family, parameters ?? new Dictionary<string, double>(), 7),
            TimeSpan.FromMinutes(5));
        await blobs.WriteJsonAsync(JobPaths.Spec(job.Id), job, WriteMode.Replace, CancellationToken.None);
        return job.Id;
    }
}
