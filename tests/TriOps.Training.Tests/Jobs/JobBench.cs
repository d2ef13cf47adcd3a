using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Storage;
using TriOps.Data.Tables;
using TriOps.Testing.Fakes;
using TriOps.Trainer.Jobs;
using TriOps.Training.Tables;
using TriOps.Training.Tables.LightGbm;

namespace TriOps.Training.Tests.Jobs;

/// <summary>A job over memory: specification and plan stored, rows from <see cref="Samples"/>.</summary>
internal sealed class JobBench : IJobData
{
    private readonly TabularData rows;

    public JobBench(TimeProvider? time = null, IModelTrainer? trainer = null, TaskKind task = TaskKind.Binary, bool oneClass = false)
    {
        Time = time ?? TimeProvider.System;
        Trainer = trainer ?? new LightGbmTrainer();
        var services = new ServiceCollection().AddMemoryStores(Time).BuildServiceProvider();
        Blobs = new WatchedBlobs(services.GetRequiredService<IBlobs>());
        Queues = services.GetRequiredService<IQueues>();
        RunLog = services.GetRequiredService<RunLog>();
        Plan = PlanOf(task);
        var signature = Samples.Signature(task);
        var table = Samples.Table(task, 900, 21);
        rows = new(table.Rows,
            [.. table.Targets.Select(t => oneClass ? "no" : task == TaskKind.Regression
            ? t.ToString(System.Globalization.CultureInfo.InvariantCulture) : signature.Classes[(int)t])],
            [.. Enumerable.Range(0, 900).Select(i => (ulong)i * 0x9E3779B97F4A7C15)]);
    }

    public TimeProvider Time { get; }
    public IModelTrainer Trainer { get; }
    public WatchedBlobs Blobs { get; }
    public IQueues Queues { get; }
    public RunLog RunLog { get; }
    public TrainingPlan Plan { get; }

    public static TrainingPlan PlanOf(TaskKind task)
    {
        var signature = Samples.Signature(task);
        var spec = new PipelineSpec(DatasetName.Parse("table"), task, "label", task == TaskKind.Binary ? "yes"
            : null, [], ModelName.Parse("model"), new SplitSpec(),
            new SearchSpec(1, 1, [ModelFamily.LightGbm], null, TimeSpan.FromMinutes(5)), new EvaluationSpec([]),
            new GateSpec(new Dictionary<string, double>(), new Dictionary<string, double>(), new Dictionary<string, double>(), null), null);
        return new(new(ProjectName.Parse("p"), DatasetName.Parse("table"), 1), ContentId.OfBytes("manifest"u8), spec,
            [.. signature.Numbers.Select(n => new Column(n, ColumnKind.Number)),
            .. signature.Categories.Select(c => new Column(c, ColumnKind.Category))], signature.Classes, [],
            Samples.Objective(task), false, []);
    }

    public async Task<JobSpec> StoreAsync(Func<JobSpec, JobSpec>? change = null)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Plan, TriOpsJson.Options);
        var plan = ContentId.OfBytes(bytes);
        await Blobs.WriteAsync(ModelPaths.Plan(plan), bytes, WriteMode.IfAbsent, CancellationToken.None);
        var spec =
            new JobSpec("job-1",
            new TrialWork("run-1", 3, plan, ModelFamily.LightGbm, new Dictionary<string, double> { ["num_iterations"] = 50 }, 5),
            TimeSpan.FromMinutes(5));
        spec = change?.Invoke(spec) ?? spec;
        await Blobs.WriteJsonAsync(JobPaths.Spec("job-1"), spec, WriteMode.Replace, CancellationToken.None);
        return spec;
    }

    public Task<JobEnd?> RunAsync(int attempt = 1, CancellationToken stop = default)
    {
        var trials = new TrialHandler(Blobs, RunLog, this, [Trainer], new FitLimit(Time), Time, NullLogger<TrialHandler>.Instance);
        return new JobRunner(Blobs, Queues, [trials], Time, NullLogger<JobRunner>.Instance).RunAsync("job-1", attempt, stop);
    }

    public async Task<IReadOnlyList<JobEnd>> MessagesAsync() =>
        [.. (await Queues.ReceiveAsync(Core.Storage.Queues.JobEvents, 32, TimeSpan.FromMinutes(1), CancellationToken.None))
            .Select(m => JsonSerializer.Deserialize<JobEnd>(m.Body, TriOpsJson.Options)!)];

    Task<TabularData> IJobData.ReadAsync(TrainingPlan plan, CancellationToken ct) => Task.FromResult(rows);
}

/// <summary>Blobs that tell when something is written.</summary>
internal sealed class WatchedBlobs(IBlobs inner) : IBlobs
{
    public event Action<BlobPath>? Written;

    /// <summary>Completes with the next write to a path.</summary>
    public Task Next(BlobPath path)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Written += Heard;
        return written.Task;

        void Heard(BlobPath at)
        {
            if (at != path) return;
            Written -= Heard;
            written.TrySetResult();
        }
    }

    public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested(); // As a client does.
        return inner.FindAsync(path, ct);
    }

    public Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null, string? ifMatch = null) =>
        inner.OpenReadAsync(path, ct, offset, length, ifMatch);
    public IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, CancellationToken ct) =>
        inner.ListAsync(container, prefix, ct);
    public Task DeleteAsync(BlobPath path, CancellationToken ct) => inner.DeleteAsync(path, ct);

    public async Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct)
    {
        var info = await inner.WriteAsync(path, content, mode, ct);
        Written?.Invoke(path);
        return info;
    }

    public async Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct)
    {
        var info = await inner.WriteAsync(path, content, mode, ct);
        Written?.Invoke(path);
        return info;
    }
}

/// <summary>A family whose fit is the test's own.</summary>
internal sealed class ScriptedTrainer(Func<FitRequest, ITrainingProgress, ICheckpoints, CancellationToken, FittedModel> fit) : IModelTrainer
{
    public ModelFamily Family => ModelFamily.LightGbm;
    public FittedModel Fit(FitRequest request, ITrainingProgress progress, ICheckpoints checkpoints, CancellationToken ct) =>
        fit(request, progress, checkpoints, ct);
}
