using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Activities.Experiments;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Data.Packs;
using TriOps.Testing.Fakes;

namespace TriOps.Activities.Tests.Experiments;

/// <summary>A project with a dataset of 200 patients over memory, and every step of a run ready to be called.</summary>
internal sealed class Bench
{
    public static readonly ProjectName Project = ProjectName.Parse("demo");
    public static readonly DatasetName Dataset = DatasetName.Parse("patients");
    public static readonly PipelineName Pipeline = PipelineName.Parse("risk");
    public static readonly ModelName Model = ModelName.Parse("risk");
    public const string RunId = "train-demo-risk-v1";
    private readonly ServiceProvider services;

    public Bench() => services = new ServiceCollection().AddMemoryStores(Time).AddTriOpsActivities().AddSingleton<IScorers>(Scorers)
        .AddSingleton<IComputeTarget>(Compute).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).BuildServiceProvider();

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public FakeCompute Compute { get; } = new();
    public FakeScorers Scorers { get; } = new();
    public FakeWorkflows Workflows => Get<FakeWorkflows>();
    public IBlobs Blobs => Get<IBlobs>();
    public RunLog Runs => Get<RunLog>();
    public ModelRegistry Registry => Get<ModelRegistry>();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public T Step<T>() => ActivatorUtilities.CreateInstance<T>(services);

    public static string Yaml(string pipeline = "", string label = "outcome", string task = "binary", string positive = "positive: sick", int trials = 4) => $$"""
        version: 1
        project: demo
        datasets:
          patients:
            missing_values: ["?"]
        pipelines:
          risk:
            dataset: patients
            task: {{task}}
            label: {{label}}
            {{positive}}
            exclude: [id]
            search: { trials: {{trials}}, parallel: 2, families: [linear, lightgbm], trial_timeout: 5m }
            {{pipeline}}
        """;

    /// <summary>Ages 20 to 79; the sick are those of 50 and more.</summary>
    public static string Csv(Func<int, string>? outcome = null)
    {
        var csv = new StringBuilder("id,age,site,note,outcome\n");
        for (var i = 0; i < 200; i++)
            csv.Append(CultureInfo.InvariantCulture,
                $"{i},{20 + i % 60},{(i % 2 == 0 ? "north" : "south")},note {i},{(outcome ?? (n => n % 60 >= 30 ? "sick" : "well"))(i)}\n");
        return csv.ToString();
    }

    public async Task<DatasetVersion> Commit(string csv, VersionStatus status = VersionStatus.Committed)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        var packed = await Get<FilePacker>().PackAsync("patients.csv", content, null, default);
        var manifest = await new DatasetManifest(1, [packed.File]).WriteAsync(Blobs, default);
        static ColumnProfile Column(string name, ColumnKind kind, long distinct) =>
            new(name, kind, 0, distinct, null, [], new Dictionary<string, long>(), ["a", "b"]);
        var profile =
            new DatasetProfile(200, 0,
            [Column("id", ColumnKind.Number, 200), Column("age", ColumnKind.Number, 60), Column("site", ColumnKind.Category, 2),
            Column("note", ColumnKind.Text, 200), Column("outcome", ColumnKind.Category, 2)]);
        var id = ContentId.OfBytes("profile"u8);
        await Blobs.WriteJsonAsync(DatasetPaths.Profile(id), profile, WriteMode.Replace, default);
        return await Get<DatasetCatalog>()
            .CommitAsync(Project, Dataset, "ingest-1", null,
            number => new(Project, Dataset, number, status, manifest, null, new("patients.csv", "etag", csv.Length),
            [.. profile.Columns.Select(c => new Column(c.Name, c.Kind))], 200, csv.Length, csv.Length, id,
            [new("min-rows", null, "Too few rows.")], Time.GetUtcNow(), "ingest-1"), default);
    }

    public async Task<PlannedRun> Plan(string? yaml = null, string? csv = null)
    {
        await Get<ProjectStore>().ApplyAsync(yaml ?? Yaml(), "test", default);
        await Commit(csv ?? Csv());
        return await PlanAgain();
    }

    public Task<PlannedRun> PlanAgain() =>
        Step<PlanTraining>().Run(new(RunId, new(Project, Pipeline, new(Project, Dataset, 1), RunReason.Upload)), default);

    public async Task<TrainingPlan> StoredPlan(PlannedRun run) =>
        await Blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(run.Plan), default);

    public Task<SuggestedTrials> Suggest(PlannedRun run, int first, int count) =>
        Step<NextTrials>().Run(new(run.RunId, run.Plan, [], first, count), default);

    public Task End(int trial, JobEnd end) =>
        Step<NextTrials>().Run(new(RunId, ContentId.OfBytes("no plan"u8), [new(RunId, trial, end)], 0, 0), default);

    /// <summary>A trial that completed with a model that says "sick" from an age on; the exported one may differ by
    /// <paramref name="off"/>.</summary>
    public async Task Complete(int trial, double objective, float off = 0) => await End(trial, await Success(trial, objective, off));

    /// <summary>What the trainer would leave and say.</summary>
    public async Task<JobEnd> Success(int trial, double? objective = null, float off = 0)
    {
        static float[] Model(float age, float off) => age >= 50 ? [0.1f - off, 0.9f + off] : [0.8f - off, 0.2f + off];
        var onnx = ContentId.OfBytes(Encoding.UTF8.GetBytes($"onnx {trial}"));
        Scorers.Models[onnx] = row => Model(row[0], off);
        var reference = ContentId.OfBytes(Encoding.UTF8.GetBytes($"reference {trial}"));
        await Blobs.WriteJsonAsync(ModelPaths.Reference(reference),
            new ReferenceOutputs(new([30, 60], ["north", "south"], 2), [Model(30, 0), Model(60, 0)], 1e-4f), WriteMode.Replace, default);
        var signature =
            new TableSignature(TaskKind.Binary, "outcome", ["age"], ["site"], ["well", "sick"],
            new Dictionary<string, IReadOnlyList<string>> { ["site"] = ["north", "south"] });
        var auc = objective ?? 0.8 + 0.01 * trial;
        return new($"{RunId}-t{trial:D2}", 1, JobOutcome.Succeeded,
            new TrialResult(auc, new Dictionary<string, double> { ["auc"] = auc },
            new(ModelFiles.Of(onnx, 100), signature, reference, [new("age", 1)])), 2.5);
    }

    public Task<Candidate> Choose(PlannedRun run) => Step<ChooseCandidate>().Run(new(run.RunId, run.Plan), default);

    /// <summary>An evaluation that says what the test wants.</summary>
    public async Task<EvaluatedCandidate> Evaluated(Candidate candidate, double auc = 0.97)
    {
        var evaluation =
            new Evaluation(candidate.RunId, candidate.Trial, new(Project, Dataset, 1),
            [new(SliceResult.All, 40, [new("auc", auc, 0.9, 1, 40)])], null, [], []);
        var id = ContentId.OfBytes("evaluation"u8);
        await Blobs.WriteJsonAsync(ModelPaths.Evaluation(id), evaluation, WriteMode.Replace, default);
        return new(candidate, id, 40, 1);
    }

    public Task<RegisteredModel> Register(EvaluatedCandidate evaluated) => Step<RegisterModel>().Run(evaluated, default);

    public async Task<IReadOnlyList<AuditEvent>> Audit(string action) =>
        [.. (await Get<AuditLog>().ListAsync(new(), default)).Items.Where(e => e.Action == action)];
}
