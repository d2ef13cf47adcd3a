using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;

namespace TriOps.Core.Tests.Models;

/// <summary>A registered version and all that is known of it.</summary>
internal static class Facts
{
    public static readonly ProjectName Project = ProjectName.Parse("demo");
    public static readonly ModelName Model = ModelName.Parse("diagnosis");
    private static readonly DateTimeOffset At = new(2026, 2, 3, 4, 5, 0, TimeSpan.Zero);
    private static readonly DatasetVersionRef Data = new(Project, DatasetName.Parse("tumours"), 3);
    private static readonly IReadOnlyList<MetricEstimate> Metrics =
        [new("auc", 0.98765, 0.961, 0.99912, 114), new("log_loss", 0.00042, 0.0001, 0.0009, 114)];
    private static readonly GateVerdict Passed =
        new(true, [new("min auc", true, 0.98765, 0.95, "auc is 0.988; at least 0.95 is demanded.")]);

    public static ModelVersionRef Ref(int number) => new(Project, Model, number);

    public static ModelVersion Version(int number, string run = "train-demo-diagnosis-v3") =>
        new(Project, Model, number, ModelStatus.Approved, run, 1, ModelFamily.LightGbm, Data,
        new(ModelFiles.Of(ContentId.OfBytes("onnx"u8), 123456),
        new TableSignature(TaskKind.Binary, "diagnosis", ["radius", "texture"], ["site"], ["benign", "malignant"],
        new Dictionary<string, IReadOnlyList<string>> { ["site"] = ["left", "right"] }),
            ContentId.OfBytes("reference"u8), [new("radius", 0.71), new("site", 0.29)]),
        ContentId.OfBytes("evaluation"u8), Metrics, Passed, ContentId.OfBytes("baseline"u8),
        $"models/cards/demo/diagnosis/{number}.md", At);

    public static ModelCardFacts Card()
    {
        var spec = new PipelineSpec(Data.Dataset, TaskKind.Binary, "diagnosis", "malignant", ["id"], Model, new(),
            new(2, 2, [ModelFamily.Linear, ModelFamily.LightGbm], "auc", TimeSpan.FromMinutes(5)),
            new(["site"]),
            new(new Dictionary<string, double> { ["auc"] = 0.95 }, new Dictionary<string, double>(),
            new Dictionary<string, double>(), null),
            new(DeploymentName.Parse("prod"), Strategy.Immediate, [], TimeSpan.Zero, null, new(),
            new("* * * * *", 1, 0.2, 0.01, 0, new(false, TimeSpan.Zero, 0))));
        var plan =
            new TrainingPlan(Data, ContentId.OfBytes("manifest"u8), spec,
            [new("radius", ColumnKind.Number), new("texture", ColumnKind.Number), new("site", ColumnKind.Category)],
            ["benign", "malignant"], [], "auc", true, ["'id' is left out: the pipeline excludes it."]);
        var version = Version(4);
        var run = new Run(version.RunId, Project, PipelineName.Parse("diagnosis"), Data, RunReason.Upload, RunStatus.Completed, 2,
            ContentId.OfBytes("plan"u8), At);
        var data = new DatasetVersion(Project, Data.Dataset, 3, VersionStatus.Committed, plan.Manifest, 2, new("tumours.csv", "e", 1000),
            [.. plan.Features, new("id", ColumnKind.Text), new("diagnosis", ColumnKind.Category)],
            569, 1000, 1000, ContentId.OfBytes("profile"u8), [], At.AddHours(-1), "ingest");
        Trial[] trials =
        [
            new(run.Id, 0, ModelFamily.Linear, FamilyCatalogue.Linear.Space.Defaults, RunStatus.Failed, "j0", Error: "lost"),
            new(run.Id, 1, ModelFamily.LightGbm, FamilyCatalogue.LightGbm.Space.Defaults, RunStatus.Completed, "j1", 0.991),
        ];
        var evaluation =
            new Evaluation(run.Id, 1, Data,
            [new("all", 114, Metrics), new("site=left", 60, [Metrics[0] with { Value = 0.97, Rows = 60 }])], 2, [],
            [new("auc", 0.0123, -0.004, 0.02, 114)]);
        return new(version, run, plan, data, trials, evaluation);
    }
}
