using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Tests.Fakes;

/// <summary>Domain records as a host would send them.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly ContentId Id = ContentId.OfBytes([1]);
    public static readonly ProjectName Clinic = ProjectName.Parse("clinic");
    public static readonly DatasetName Tumours = DatasetName.Parse("tumours");
    public static readonly ModelName Diagnosis = ModelName.Parse("diagnosis");
    public static readonly DeploymentName Endpoint = DeploymentName.Parse("diagnosis");

    public static readonly TableSignature Signature =
        new(TaskKind.Binary, "diagnosis", ["mean_radius", "smoker"], ["site"], ["benign", "malignant"],
        new Dictionary<string, IReadOnlyList<string>> { ["site"] = ["a", "b"] });

    public static readonly GateVerdict Passed = new(true, [new("min auc", true, 0.99, 0.95, "auc 0.99 is at least 0.95")]);
    public static readonly GateVerdict Refused =
        new(false, [new("champion auc", false, 0.91, 0.97, "auc 0.91 is below the champion's 0.97")]);

    public static DatasetVersion Version(int number, VersionStatus status = VersionStatus.Committed, params QualityIssue[] issues) =>
        new(Clinic, Tumours, number, status, Id, number > 1 ? number - 1 : null, new SourceFile("tumours.csv", "0x8D", 2048),
            [new("mean_radius", ColumnKind.Number)], 569, 125_000, 2048, Id, issues, Noon, $"ingest-{number}");

    public static ModelVersion Model(int number, GateVerdict? gate = null) =>
        new(Clinic, Diagnosis, number, gate is { Passed: false } ? ModelStatus.Rejected
            : ModelStatus.Approved, $"train-clinic-diagnosis-v{number}", 3, ModelFamily.LightGbm, new(Clinic, Tumours, number),
            new TrialArtifacts(ModelFiles.Of(Id, 1000), Signature, Id, []), Id, [new("auc", 0.991, 0.98, 0.999, 114)], gate
            ?? Passed, Id, $"models/cards/{number}.md", Noon);

    public static Deployment Deployed(int version) =>
        new(Clinic, Endpoint, Diagnosis, [new Revision(1, new(Clinic, Diagnosis, version), RevisionState.Active, 100, "deploy-1", Noon)],
            new HealthSpec(), null, Noon);

    public static Run Run(string id, RunStatus status, string? error = null) =>
        new(id, Clinic, PipelineName.Parse("diagnosis"), new(Clinic, Tumours, 1), RunReason.Upload, status, 1, Id, Noon,
            Noon.AddSeconds(42), 3, status == RunStatus.Completed ? 1 : null, 20, error);

    public static WorkflowInstance Ended(string id, string workflow, object? output = null, object? input = null) =>
        new(id, workflow, WorkflowStatus.Completed, Noon, Noon.AddSeconds(9), Input: Json(input), Output: Json(output));

    public static WorkflowInstance Failed(string id, string workflow, string message) =>
        new(id, workflow, WorkflowStatus.Failed, Noon, Noon.AddSeconds(9), Failure: new("System.IO.IOException", message));

    public static WorkflowStep Step(int sequence, string name, double? seconds = 1, string kind = "activity", string? child = null,
        StepFailure? failure = null) =>
        new(sequence, name, kind, Noon.AddSeconds(sequence), seconds is null ? null
            : Noon.AddSeconds(sequence + seconds.Value), failure, child);

    public static TrainResult Trained(int version, GateVerdict gate) =>
        new($"train-clinic-diagnosis-v{version}", RunStatus.Completed, new(Clinic, Diagnosis, version), gate, gate.Passed
            ? new DeployResult(new(new(Clinic, Endpoint), version), RevisionState.Active, null) : null);

    public static Trial Trial(int number, ModelFamily family) =>
        new("run", number, family, new Dictionary<string, double>(), RunStatus.Completed, $"job-{number}", 0.9);

    public static JobEnd JobDone(int trial, double objective) => new($"job-{trial}", 1, JobOutcome.Succeeded, new TrialResult(objective));

    public static ColumnDrift Column(string name, double before, double after, bool moved) =>
        new(name, ColumnKind.Number, moved ? 1.4 : 0.02, 0.3, moved ? 1e-9 : 0.8, moved ? 1.2
            : 0.05, before, after, 0, 0, moved, $"{name}: mean {before} → {after}");

    private static System.Text.Json.JsonElement? Json(object? value) => value is null ? null
        : System.Text.Json.JsonSerializer.SerializeToElement(value, value.GetType(), TriOps.Core.TriOpsJson.Options);
}
