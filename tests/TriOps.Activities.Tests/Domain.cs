using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Testing.Fakes;

namespace TriOps.Activities.Tests;

/// <summary>The whole domain in memory, with models that are the test's functions.</summary>
internal sealed class Domain
{
    public static readonly ProjectName Project = ProjectName.Parse("demo");
    public static readonly ModelName Model = ModelName.Parse("diagnosis");
    public static readonly DeploymentRef Deployment = new(Project, DeploymentName.Parse("clinic"));
    public static readonly DatasetName Dataset = DatasetName.Parse("tumours");
    public static readonly MonitorSpec Monitor =
        new("0 * * * *", 50, 0.2, 0.01, 0, new(OnDrift: true, TimeSpan.FromHours(6), MinLabels: 40));
    private readonly FakeScorers scorers = new();
    private readonly ServiceProvider services;

    public Domain() => services = new ServiceCollection().AddMemoryStores(Time).AddTriOpsActivities()
        .AddSingleton<IComputeTarget>(new FakeCompute()).AddSingleton<IScorers>(scorers)
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).BuildServiceProvider();

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public T Get<T>() where T : notnull => services.GetRequiredService<T>();
    public T Make<T>(params object[] given) => ActivatorUtilities.CreateInstance<T>(services, given);
    public IBlobs Blobs => Get<IBlobs>();
    public int ModelsOpened => scorers.Opened;
    public Task<Deployment> ClinicAsync() => Get<DeploymentTable>().GetAsync(Deployment, default);

    /// <summary>The activity, as a step of a workflow.</summary>
    public Func<TIn, Task<TOut>> Run<TActivity, TIn, TOut>() where TActivity : IActivity<TIn, TOut> => input =>
        Make<TActivity>().Run(input, default);

    public static DeploySpec Spec(Strategy strategy = Strategy.Immediate, TimeSpan? approval = null) =>
        new(Deployment.Name, strategy, [10, 50], TimeSpan.FromMinutes(20), approval, new(), Monitor);

    /// <summary>Stores a document by content; the path names its place.</summary>
    public async Task<ContentId> StoreAsync<T>(Func<ContentId, BlobPath> path, T value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, TriOpsJson.Options);
        var id = ContentId.OfBytes(bytes);
        await Blobs.WriteAsync(path(id), bytes, WriteMode.IfAbsent, default);
        return id;
    }

    /// <summary>Registers a two-class model on "radius" and "site"; its probability of "malignant" is the test's function of the
    /// radius.</summary>
    public async Task<ModelVersion> RegisterAsync(string runId, Func<float, float>? malignant = null, float wrongBy = 0,
        ModelStatus status = ModelStatus.Approved, Baseline? baseline = null)
    {
        malignant ??= radius => radius > 15 ? 0.9f : 0.1f;
        var artifacts = await ArtifactsAsync(runId, malignant, wrongBy);
        var stored = await StoreAsync(ModelPaths.Baseline, baseline ?? new Baseline(1, Signature, new([], [], 0), []));
        return await Get<ModelRegistry>()
            .RegisterAsync(Project, Model, runId,
            number => new(Project, Model, number, status, runId, 0, ModelFamily.Linear, new(Project, Dataset, 1), artifacts,
            ContentId.OfBytes([1]), [],
            new(status == ModelStatus.Approved, status == ModelStatus.Approved ? []
            : [new("min auc", false, 0.4, 0.9, "auc is 0.4; at least 0.9 is demanded.")]), stored, "card", Time.GetUtcNow()), default);
    }

    public static TableSignature Signature { get; } =
        new(TaskKind.Binary, "diagnosis", ["radius"], ["site"], ["benign", "malignant"], new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>A model's artifacts; its reference outputs are off by <paramref name="wrongBy"/>.</summary>
    public async Task<TrialArtifacts> ArtifactsAsync(string name, Func<float, float> malignant, float wrongBy = 0,
        TableSignature? signature = null)
    {
        var onnx = ContentId.OfBytes(System.Text.Encoding.UTF8.GetBytes(name));
        scorers.Models[onnx] = rows => [.. rows.Numbers.SelectMany(r => new[] { 1 - malignant(r), malignant(r) })];
        var reference =
            await StoreAsync(ModelPaths.Reference,
            new ReferenceOutputs(new([10, 20], ["a", "b"], 2),
            [.. new[] { 10f, 20 }.Select(r => new[] { 1 - malignant(r) - wrongBy, malignant(r) + wrongBy })], 1e-3f));
        return new(ModelFiles.Of(onnx, 1), signature ?? Signature, reference, []);
    }

    /// <summary>Writes a file of the inference log.</summary>
    public Task LogAsync(IEnumerable<InferenceRecord> records, string name = "a") =>
        WriteAsync([.. records], r => InferenceLog.Requests(Deployment, r.At, name));

    /// <summary>Writes a file of labels.</summary>
    public Task LabelAsync(IEnumerable<LabelRecord> labels, string name = "a") =>
        WriteAsync([.. labels], l => InferenceLog.Labels(Deployment, l.At, name));

    private Task<BlobInfo> WriteAsync<T>(T[] records, Func<T, BlobPath> path) =>
        Blobs.WriteAsync(path(records[0]), InferenceLog.Serialize(records), WriteMode.Replace, default);

    private sealed class FakeScorers : IScorers
    {
        public Dictionary<ContentId, Func<FeatureRows, float[]>> Models { get; } = [];

        public int Opened { get; private set; }

        public Task<IScorer> OpenAsync(ModelFiles files, TableSignature signature, CancellationToken ct)
        {
            Opened++;
            return Models.TryGetValue(files.Graph.Id, out var model) ? Task.FromResult<IScorer>(new FakeScorer(model))
                : throw new InvalidInputException("model-invalid", "no such graph");
        }
    }

    private sealed class FakeScorer(Func<FeatureRows, float[]> model) : IScorer
    {
        public float[] Score(FeatureRows rows) => model(rows);
    }
}
