using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Activities.Compute;
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
using TriOps.Storage;
using TriOps.Testing;

namespace TriOps.Compute.Tests;

/// <summary>The fake starts the real trainer with the environment that the start asked for, as Container Apps would.</summary>
public sealed class RealTrainerTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Execution_KilledOnceThenLeftAlone_TrainsInTheSecondAttempt()
    {
        var scope = azurite.NewScope();
        await using var storage = new ServiceCollection().AddTriOpsCore().AddTriOpsData()
            .AddTriOpsStorage(StorageOptions.Parse(scope.ConnectionString, scope.Prefix)).BuildServiceProvider();
        await storage.GetRequiredService<StorageProvisioner>().EnsureAsync(Ct);
        var blobs = storage.GetRequiredService<IBlobs>();
        var job = await StoreJobAsync(blobs);
        await using var bench = await ArmBench.OverAsync(TimeProvider.System, blobs);
        bench.Arm.Resource["properties"]!["template"]!["containers"]![0]!["env"] = new JsonArray(
            new JsonObject { ["name"] = SettingNames.Storage, ["value"] = scope.ConnectionString },
            new JsonObject { ["name"] = SettingNames.StoragePrefix, ["value"] = scope.Prefix });
        Process? trainer = null;
        bench.Arm.Started = execution => trainer = Launch(execution);
        var target = bench.Process();
        var look = new LookAtJob(blobs, target, TimeProvider.System);

        await target.StartAsync(job, 1, Ct);
        var begun = DateTimeOffset.UtcNow;
        using (trainer!)
        {
            trainer!.Kill();
            await trainer.WaitForExitAsync(Ct);
        }
        bench.Arm.Executions[0].End("Failed", DateTimeOffset.UtcNow, code: 137, "Terminated", "Evicted");
        var lost = await look.Run(new(job, 1, begun), Ct);
        Assert.True(lost.Lost, lost.ToString());
        Assert.StartsWith("attempt 1 was evicted", lost.Reason, StringComparison.Ordinal);

        await target.StartAsync(job, 2, Ct);
        using (trainer)
        {
            await trainer.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
            Assert.Equal(0, trainer.ExitCode);
        }
        bench.Arm.Executions[1].End("Succeeded", DateTimeOffset.UtcNow);

        var end = (await look.Run(new(job, 2, DateTimeOffset.UtcNow), Ct)).End;
        Assert.Equal((JobOutcome.Succeeded, 2), (end!.Outcome, end.Attempt));
        Assert.NotNull(await blobs.FindAsync(ModelPaths.Onnx(end.Trial().Artifacts!.Files.Graph.Id), Ct));
        var bill = await target.BillAsync(job, 2, end.DeviceSeconds, Ct);
        Assert.Equal((end.DeviceSeconds, Money.Of(end.DeviceSeconds, 360_000, "USD")), (bill!.DeviceSeconds, bill.Cost));
    }

    private static Process Launch(FakeExecution execution)
    {
        var command = TrainerPath.Command(null);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        foreach (var variable in execution.Template["containers"]![0]!["env"]!.AsArray())
            start.Environment[(string)variable!["name"]!] = (string)variable["value"]!;
        return Process.Start(start)!;
    }

    /// <summary>200 rows that a line divides, mostly.</summary>
    private static async Task<string> StoreJobAsync(IBlobs blobs)
    {
        var csv = new StringBuilder("a,b,label\n");
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var (a, b) = (random.NextDouble(), random.NextDouble());
            csv.Append(CultureInfo.InvariantCulture, $"{a},{b},{(a + b + 0.2 * random.NextDouble() > 1.1 ? "yes" : "no")}\n");
        }
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString()));
        var packed = await new FilePacker(blobs).PackAsync("table.csv", file, null, Ct);
        var manifest = await new DatasetManifest(DatasetManifest.CurrentVersion, [packed.File]).WriteAsync(blobs, Ct);
        var none = new Dictionary<string, double>();
        var pipeline =
            new PipelineSpec(DatasetName.Parse("table"), TaskKind.Binary, "label", "yes", [], ModelName.Parse("model"), new SplitSpec(),
            new SearchSpec(1, 1, [ModelFamily.Linear], null, TimeSpan.FromMinutes(5)), new EvaluationSpec([]),
            new GateSpec(none, none, none, null), null);
        var plan = new TrainingPlan(new(ProjectName.Parse("demo"), pipeline.Dataset, 1), manifest, pipeline,
            [new("a", ColumnKind.Number), new("b", ColumnKind.Number)], ["no", "yes"], [], "auc", Maximise: true, []);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(plan, TriOpsJson.Options);
        var id = ContentId.OfBytes(bytes);
        await blobs.WriteAsync(ModelPaths.Plan(id), bytes, WriteMode.IfAbsent, Ct);
        var spec = new JobSpec("train-demo-table-v1-t00", new TrialWork("train-demo-table-v1", 0, id, ModelFamily.Linear, none, 7),
            TimeSpan.FromMinutes(2));
        await blobs.WriteJsonAsync(JobPaths.Spec(spec.Id), spec, WriteMode.Replace, Ct);
        return spec.Id;
    }
}
