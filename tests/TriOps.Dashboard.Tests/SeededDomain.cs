using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Testing.Fakes;

namespace TriOps.Dashboard.Tests;

/// <summary>One of everything the pages show, with a text that must be escaped wherever it appears.</summary>
internal static class SeededDomain
{
    public const string Hostile = "<script>alert('x')</script>";
    public static readonly ProjectName Project = ProjectName.Parse("clinic");
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public const string RunId = "train-clinic-diagnosis-v1", UnplannedRunId = "train-clinic-diagnosis-v2";
    public const string DeployId = "deploy-clinic-diagnosis-v1-x";

    private static readonly ContentId Id = ContentId.OfBytes([1, 2, 3]);
    private static readonly DatasetName Dataset = DatasetName.Parse("tumours");
    private static readonly ModelName Model = ModelName.Parse("diagnosis");
    private static readonly DeploymentRef DeploymentRef = new(Project, DeploymentName.Parse("diagnosis"));

    public static async Task SeedAsync(IServiceProvider services, CancellationToken ct = default)
    {
        var blobs = services.GetRequiredService<IBlobs>();
        var spec =
            new PipelineSpec(Dataset, TaskKind.Binary, "label", "yes", [], Model, new(),
            new(2, 1, [ModelFamily.Linear], null, TimeSpan.FromMinutes(1)), new([]), new(Empty, Empty, Empty, null), null);
        var file =
            new ProjectFile(1, Project, new Dictionary<DatasetName, DatasetSpec>(),
            new Dictionary<PipelineName, PipelineSpec> { [PipelineName.Parse("diagnosis")] = spec }, Hostile);
        await services.GetRequiredService<IDocuments<Project>>()
            .PutAsync(new("projects", Project.Value), new(Project, file, "", 3, Now, Now), ct);

        var profile = new DatasetProfile(100, 2, [
            new("size", ColumnKind.Number, 5, 90, new(0, 10, 5, 2, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 4, 9, 4, 1]), [],
            new Dictionary<string, long>(), []),
            new(Hostile, ColumnKind.Category, 0, 2, null, [new("a", 60), new(Hostile, 40)], new Dictionary<string, long>(), [])]);
        await blobs.WriteJsonAsync(DatasetPaths.Profile(Id), profile, WriteMode.Replace, ct);
        var data = await services.GetRequiredService<DatasetCatalog>().CommitAsync(Project, Dataset, "w", null, n =>
            new(Project, Dataset, n, VersionStatus.Committed, Id, null, new("a.csv", "e", 1234), [new("size", ColumnKind.Number)], 100,
                1234, 1234, Id, [], Now, "w"), ct);

        var plan = new TrainingPlan(data.Ref, Id, spec, [new("size", ColumnKind.Number)], ["no", "yes"], [], "auc", true,
            ["seen_at: a timestamp, not used as a feature"]);
        await blobs.WriteJsonAsync(ModelPaths.Plan(Id), plan, WriteMode.Replace, ct);
        var runs = services.GetRequiredService<RunLog>();
        await runs.StartAsync(
            new(UnplannedRunId, Project, PipelineName.Parse("diagnosis"), data.Ref, RunReason.Upload, RunStatus.Failed, 0, null,
            Now.AddMinutes(-1), Now, Error: "The label has one class only."), ct);
        await runs.StartAsync(
            new(RunId, Project, PipelineName.Parse("diagnosis"), data.Ref, RunReason.Upload, RunStatus.Completed, 3, Id, Now,
            Now.AddSeconds(42), 1, 1, 12.5, Cost: new(1_500, "EUR")), ct);
        for (var t = 0; t < 3; t++)
            await runs.AddTrialAsync(
                new(RunId, t, ModelFamily.Linear, new Dictionary<string, double> { ["l2"] = 0.1 * t }, t == 2 ? RunStatus.Failed
                : RunStatus.Completed, $"{RunId}-t{t}",
                t == 2 ? null : 0.9 + 0.05 * t, Error: t == 2 ? "The trainer ran out of memory." : null), ct);
        await runs.LogMetricsAsync(RunId, 1, 1, 0,
            [.. Enumerable.Range(0, 20).Select(i => new MetricPoint("validation/auc", i, 1 - 1.0 / (i + 2), Now))], ct);

        var signature =
            new TableSignature(TaskKind.Binary, "label", ["size"], [], ["no", "yes"], new Dictionary<string, IReadOnlyList<string>>());
        IReadOnlyList<MetricEstimate> metrics =
            [new("auc", 0.95, 0.91, 0.98, 40), new("accuracy", 0.9, 0.8, 0.95, 40), new("ece", double.NaN, double.NaN, double.NaN, 40)];
        var gate =
            new GateVerdict(false,
            [new("min auc", true, 0.95, 0.9, "auc 0.95 is at least 0.9"),
            new("champion auc", false, 0.95, 0.97, $"worse than the champion {Hostile}")]);
        var evaluation = new Evaluation(RunId, 1, data.Ref, [new("all", 40, metrics), new("size in [0, 5)", 20, metrics)], 7,
            [new("all", 40, [new("auc", 0.97, 0.93, 0.99, 40)])], []);
        await blobs.WriteJsonAsync(ModelPaths.Evaluation(Id), evaluation, WriteMode.Replace, ct);
        var artifacts = new TrialArtifacts(ModelFiles.Of(Id, 4096), signature, Id, [new("size", 0.7), (new("age", 0.3))]);
        var version = await services.GetRequiredService<ModelRegistry>().RegisterAsync(Project, Model, RunId, n =>
            new(Project, Model, n, ModelStatus.Approved, RunId, 1, ModelFamily.Linear, data.Ref, artifacts, Id, metrics, gate,
                Id, "", Now), ct);
        await blobs.WriteAsync(ModelPaths.Card(version.Ref), System.Text.Encoding.UTF8.GetBytes($"# Card\n{Hostile}"),
            WriteMode.Replace, ct);
        await services.GetRequiredService<ModelRegistry>().SetAliasAsync(version.Ref, Aliases.Champion, "test", ct);

        var lineage = services.GetRequiredService<LineageGraph>();
        await lineage.LinkAsync(new("dataset-version", data.Ref.ToString()), new("run", RunId), "used-by", ct);
        await lineage.LinkAsync(new("run", RunId), new("model-version", version.Ref.ToString()), "produced", ct);

        await services.GetRequiredService<DeploymentTable>().UpdateAsync(DeploymentRef, _ => new(Project, DeploymentRef.Name, Model,
            [new(1, version.Ref, RevisionState.Active, 90, DeployId, Now), new(2, version.Ref, RevisionState.Canary, 10, DeployId, Now)],
            new(), new("*/5 * * * *", 50, 0.2, 0.01, 0, new(true, TimeSpan.FromHours(1), 30)), Now), ct);
        await blobs.WriteAsync(InferenceLog.Requests(DeploymentRef, Now.AddMinutes(-3), "a"),
            InferenceLog.Serialize(Enumerable.Range(0, 50).Select(i =>
            new InferenceRecord($"p{i}", Now.AddMinutes(-3).AddSeconds(i), 1 + i % 2, 1, [1], [], [0.5f, 0.5f], 900 + i, i == 0 ? "broken"
                : null))), WriteMode.Replace, ct);
        var report =
            new DriftReport(
            [new("size", ColumnKind.Number, 1.4, 0.6, 0.0001, 1.6, 14.1, 19.8, 0, 0, true, "size: mean 14.1 → 19.8 (+1.6 sd)"),
            new("age", ColumnKind.Number, 0.01, 0.02, 0.9, 0, 1, 1, 0, 0, false, "age: unchanged")],
            200, 100, true, new Dictionary<string, double> { ["auc"] = 0.81 });
        await blobs.WriteJsonAsync(WindowPaths.Report(Id), report, WriteMode.Replace, ct);
        var monitor = services.GetRequiredService<MonitorLog>();
        await monitor.RecordAsync(new("w1", DeploymentRef, Now.AddMinutes(-5), Now, 1, 200, 150, Id, true, Now), ct);
        await monitor.RaiseAsync(
            new(MonitorLog.AlertId(Now, "w1", "drift"), DeploymentRef, "drift", "1 of 2 columns moved", "w1", Now, "retraining started"),
            ct);

        var workflows = services.GetRequiredService<FakeWorkflows>();
        workflows.Instances[DeployId] =
            new(DeployId, "DeployModel", WorkflowStatus.Running, Now, Now, RunId,
            CustomStatus: JsonSerializer.SerializeToElement(new { phase = "approval", message = "Waiting for a person", progress = 0.25 }));
        workflows.Steps[DeployId] = [new(0, "CreateRevision", "activity", Now, Now.AddSeconds(1))];
        workflows.Instances[RunId] =
            new(RunId, "TrainModel", WorkflowStatus.Completed, Now, Now.AddSeconds(42),
            Output: JsonSerializer.SerializeToElement(new { text = Hostile }, TriOpsJson.Options));
        workflows.Steps[RunId] =
            [new(0, "PlanTraining", "activity", Now, Now.AddSeconds(1)), new(1, "DeployModel", "workflow", Now, null, null, DeployId),
            new(2, "Broken", "activity", Now, Now, new("x", Hostile))];
    }

    private static Dictionary<string, double> Empty => [];
}
