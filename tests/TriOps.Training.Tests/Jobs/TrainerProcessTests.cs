using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
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
using TriOps.Core.Settings;
using TriOps.Core.Storage;
using TriOps.Data;
using TriOps.Data.Packs;
using TriOps.Storage;
using TriOps.Testing;

namespace TriOps.Training.Tests.Jobs;

/// <summary>The executable, as a compute target starts it, against Azurite and the tumour sample.</summary>
public sealed class TrainerProcessTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly string Sample =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../samples/breast-cancer/tumours.csv"));

    [Theory, InlineData(ModelFamily.Linear), InlineData(ModelFamily.LightGbm), InlineData(ModelFamily.Mlp)]
    public async Task Process_TumourSample_EndsWithAGoodModelAndLoadsOnlyWhatItNeeds(ModelFamily family)
    {
        var scope = azurite.NewScope();
        await using var storage = await StorageAsync(scope);
        var blobs = storage.GetRequiredService<IBlobs>();
        var spec = await StoreJobAsync(blobs, family);
        var trace = Directory.CreateTempSubdirectory("triops-trainer-").FullName;
        try
        {
            using var process = Start(scope, spec.Id, trace);
            await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
            Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync());

            var end = await blobs.ReadJsonAsync<JobEnd>(JobPaths.End(spec.Id), CancellationToken.None);
            Assert.Equal((JobOutcome.Succeeded, 1), (end.Outcome, end.Attempt));
            Assert.InRange(end.Trial().Objective!.Value, 0.97, 1); // AUC; scikit-learn's logistic regression has about 0.995 here
            Assert.Equal(30, end.Trial().Artifacts!.Signature.Table.Numbers.Count);
            Assert.NotNull(await blobs.FindAsync(ModelPaths.Onnx(end.Trial().Artifacts!.Files.Graph.Id), CancellationToken.None));
            var messages = await storage.GetRequiredService<IQueues>()
                .ReceiveAsync(Queues.JobEvents, 32, TimeSpan.FromMinutes(1), CancellationToken.None);
            Assert.Equal(end.Trial().Artifacts!.Files.Graph.Id,
                JsonSerializer.Deserialize<JobEnd>(Assert.Single(messages).Body, TriOpsJson.Options)!.Trial().Artifacts!.Files.Graph.Id);
            Assert.NotEmpty(await storage.GetRequiredService<RunLog>()
                .MetricsAsync(spec.Work.RunId, ((TrialWork)spec.Work).Trial, CancellationToken.None));
            if (OperatingSystem.IsLinux())
            {
                var loaded = string.Concat(Directory.EnumerateFiles(trace).Select(File.ReadAllText));
                Assert.Equal(family == ModelFamily.Mlp, loaded.Contains("libtorch_cpu.so", StringComparison.Ordinal));
                Assert.Equal(family == ModelFamily.LightGbm, loaded.Contains("lib_lightgbm.so", StringComparison.Ordinal));
            }
        }
        finally { Directory.Delete(trace, recursive: true); }
    }

    [Fact]
    public async Task Process_WrongArguments_ExplainsItself()
    {
        using var process = Start(azurite.NewScope(), "job", null, "--job", "x");
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("Usage", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_AskedToGoWhileFitting_LeavesACheckpointAndNoEndThenResumes()
    {
        if (OperatingSystem.IsWindows()) return; // No SIGTERM there.
        var scope = azurite.NewScope();
        await using var storage = await StorageAsync(scope);
        var blobs = storage.GetRequiredService<IBlobs>();
        var spec =
            await StoreJobAsync(blobs, ModelFamily.Mlp,
            new Dictionary<string, double> { ["epochs"] = 60, ["hidden"] = 256, ["layers"] = 3, ["learning_rate"] = 1e-4,
            ["weight_decay"] = 1e-6,
            ["batch_size"] = 0 }, copies: 8);
        var runs = storage.GetRequiredService<RunLog>();

        using (var first = Start(scope, spec.Id, null))
        {
            // The first points of its curves say that an epoch is behind it, and with it something to keep.
            while (!first.HasExited
                && (await runs.MetricsAsync(spec.Work.RunId, ((TrialWork)spec.Work).Trial,
                CancellationToken.None)).Count == 0) await Task.Delay(20);
            Process.Start("kill", ["-TERM", first.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
            await first.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
            Assert.True(first.ExitCode == 3, await first.StandardError.ReadToEndAsync());
        }
        Assert.Null(await blobs.FindAsync(JobPaths.End(spec.Id), CancellationToken.None));
        Assert.NotNull(await blobs.FindAsync(JobPaths.Checkpoint(spec.Id), CancellationToken.None));

        var gone = Assert.Single(await storage.GetRequiredService<IQueues>()
            .ReceiveAsync(Queues.JobEvents, 32, TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal((JobOutcome.Lost, 1),
            (JsonSerializer.Deserialize<JobEnd>(gone.Body, TriOpsJson.Options)!.Outcome,
            JsonSerializer.Deserialize<JobEnd>(gone.Body, TriOpsJson.Options)!.Attempt));

        using var second = Start(scope, spec.Id, 2);
        await second.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
        var end = await blobs.ReadJsonAsync<JobEnd>(JobPaths.End(spec.Id), CancellationToken.None);
        Assert.Equal((JobOutcome.Succeeded, 2), (end.Outcome, end.Attempt));
    }

    [Fact]
    public async Task Process_AskedToGoWhileStorageDoesNotAnswer_LeavesAllTheSame()
    {
        if (OperatingSystem.IsWindows()) return; // No SIGTERM there.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var key = Convert.ToBase64String(new byte[32]);
        var storage =
            string.Join(';', new[] { "Blob", "Queue", "Table" }.Select(service => $"{service}Endpoint=http://127.0.0.1:{port}/silent")
            .Append("AccountName=silent").Append($"AccountKey={key}"));
        using var process = Start(StorageScope.New(storage), "job", 1);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var asked = await silent.AcceptTcpClientAsync(limit.Token); // It waits for an answer from now on.

        Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        await process.WaitForExitAsync(limit.Token);

        Assert.True(process.ExitCode == 3, await process.StandardError.ReadToEndAsync());
    }

    private static async Task<ServiceProvider> StorageAsync(StorageScope scope)
    {
        var services = new ServiceCollection().AddTriOpsCore().AddTriOpsData()
            .AddTriOpsStorage(StorageOptions.Parse(scope.ConnectionString, scope.Prefix)).BuildServiceProvider();
        await services.GetRequiredService<StorageProvisioner>().EnsureAsync(CancellationToken.None);
        return services;
    }

    private static async Task<JobSpec> StoreJobAsync(IBlobs blobs, ModelFamily family,
        IReadOnlyDictionary<string, double>? parameters = null, int copies = 1)
    {
        var lines = await File.ReadAllLinesAsync(Sample);
        using var file =
            new MemoryStream(
            Encoding.UTF8.GetBytes(string.Join('\n', [lines[0], .. Enumerable.Repeat(lines[1..], copies).SelectMany(l => l)])));
        var packed = await new FilePacker(blobs).PackAsync("tumours.csv", file, null, CancellationToken.None);
        var manifest = await new DatasetManifest(DatasetManifest.CurrentVersion, [packed.File]).WriteAsync(blobs, CancellationToken.None);
        var columns = lines[0].Split(',')[1..^1];
        var basis = JobBench.PlanOf(TaskKind.Binary);
        var plan = basis with
        {
            Manifest = manifest, Classes = ["benign", "malignant"], Objective = "auc", Maximise = true,
                Features = [.. columns.Select(c => new Column(c, ColumnKind.Number))],
            Spec = basis.Spec with { Label = "diagnosis", Positive = "malignant" },
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(plan, TriOpsJson.Options);
        var id = ContentId.OfBytes(bytes);
        await blobs.WriteAsync(ModelPaths.Plan(id), bytes, WriteMode.IfAbsent, CancellationToken.None);
        var spec =
            new JobSpec($"job-{family}".ToLowerInvariant(),
            new TrialWork("run", 0, id, family, parameters ?? new Dictionary<string, double>(), 7), TimeSpan.FromMinutes(2));
        await blobs.WriteJsonAsync(JobPaths.Spec(spec.Id), spec, WriteMode.Replace, CancellationToken.None);
        return spec;
    }

    /// <summary>As a container is started: the environment says which attempt.</summary>
    private static Process Start(StorageScope scope, string job, int attempt)
    {
        var start = StartInfo(scope);
        (start.Environment[SettingNames.Job], start.Environment[SettingNames.Attempt]) =
            (job, attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Process.Start(start)!;
    }

    private static Process Start(StorageScope scope, string job, string? trace, params string[] arguments)
    {
        var start = StartInfo(scope);
        foreach (var argument in arguments is [] ? ["--job", job, "--attempt", "1"] : arguments) start.ArgumentList.Add(argument);
        (start.Environment[SettingNames.Storage], start.Environment[SettingNames.StoragePrefix]) = (scope.ConnectionString, scope.Prefix);
        // ld.so(8)
        if (trace is not null) (start.Environment["LD_DEBUG"], start.Environment["LD_DEBUG_OUTPUT"])
            = ("files", Path.Combine(trace, "loaded"));
        return Process.Start(start)!;
    }

    private static ProcessStartInfo StartInfo(StorageScope scope)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host
            : "dotnet") { RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "TriOps.Trainer.dll"));
        (start.Environment[SettingNames.Storage], start.Environment[SettingNames.StoragePrefix]) = (scope.ConnectionString, scope.Prefix);
        return start;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
