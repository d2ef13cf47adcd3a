using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Onnx.Graphs;

namespace TriOps.Serving.Tests;

/// <summary>Models small enough to compute by hand, and deployments of them.</summary>
public static class TinyModels
{
    public static ProjectName Project { get; } = ProjectName.Parse("demo");
    public static ModelName Model { get; } = ModelName.Parse("diagnosis");
    public static DeploymentRef Deployment { get; } = new(Project, DeploymentName.Parse("tumours"));

    /// <summary>Two numbers and one category; benign or malignant.</summary>
    public static TableSignature Binary { get; } =
        new(TaskKind.Binary, "diagnosis", ["radius", "texture"], ["site"], ["benign", "malignant"],
        new Dictionary<string, IReadOnlyList<string>> { ["site"] = ["left", "right"] });

    /// <summary>Two numbers; one number.</summary>
    public static TableSignature Regression { get; } =
        new(TaskKind.Regression, "price", ["radius", "texture"], [], [], new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>p(malignant) = sigmoid(radius - texture + bias + 1 for site left, + 2 for right); missing numbers count as 0.</summary>
    public static byte[] Classifier(float bias = 0)
    {
        var graph = new GraphBuilder("tiny");
        var numbers = graph.Input("numbers", ElementType.Float, "N", 2);
        var categories = graph.Input("categories", ElementType.String, "N", 1);
        var filled = graph.Node("Where", [graph.Node("IsNaN", [numbers]), graph.Constant([0f], 1, 1), numbers]);
        var logit = graph.Node("Add", [graph.Node("MatMul", [filled, graph.Constant([1f, -1f], 2, 1)]), graph.Constant([bias], 1, 1)]);
        var site = graph.Node(GraphBuilder.Ml, "LabelEncoder", [categories], Attr.Strings("keys_strings", ["left", "right"]),
            Attr.Floats("values_floats", [1, 2]), Attr.Float("default_float", 0));
        var malignant = graph.Node("Sigmoid", [graph.Node("Add", [logit, site])]);
        var benign = graph.Node("Sub", [graph.Constant([1f], 1, 1), malignant]);
        graph.Output(graph.Node("Concat", [benign, malignant], Attr.Int("axis", 1)), "probabilities", ElementType.Float, "N", 2);
        return Bytes(graph);
    }

    /// <summary>prediction = 2 radius + 3 texture.</summary>
    public static byte[] Regressor()
    {
        var graph = new GraphBuilder("tiny");
        var numbers = graph.Input("numbers", ElementType.Float, "N", 2);
        graph.Output(graph.Node("MatMul", [numbers, graph.Constant([2f, 3f], 2, 1)]), "prediction", ElementType.Float, "N", 1);
        return Bytes(graph);
    }

    public static byte[] Bytes(GraphBuilder graph)
    {
        using var stream = new MemoryStream();
        graph.Save(stream);
        return stream.ToArray();
    }

    /// <summary>Stores a graph at its address.</summary>
    public static async Task<ModelFiles> StoreAsync(this IBlobs blobs, byte[] onnx)
    {
        var files = ModelFiles.Of(ContentId.OfBytes(onnx), onnx.Length);
        await blobs.WriteAsync(ModelPaths.File(files.Graph), onnx, WriteMode.IfAbsent, default);
        return files;
    }

    /// <summary>Registers a version of <see cref="Model"/>.</summary>
    public static async Task<ModelVersion> RegisterAsync(this ModelRegistry registry, IBlobs blobs, byte[] onnx, TableSignature signature,
        ModelStatus status = ModelStatus.Approved)
    {
        var files = await blobs.StoreAsync(onnx);
        var none = ContentId.OfBytes([]);
        return await registry.RegisterAsync(Project, Model, Guid.NewGuid()
            .ToString("N"), number => new ModelVersion(Project, Model, number, status, $"run-{number}", 0, ModelFamily.Linear,
            new DatasetVersionRef(Project, DatasetName.Parse("tumours"), 1), new TrialArtifacts(files, signature, none, []), none, [],
            new GateVerdict(status == ModelStatus.Approved, status == ModelStatus.Approved ? []
            : [new GateCheck("min auc", false, 0.5, 0.9, "auc 0.5 is below 0.9")]),
            none, "cards/x.md", DateTimeOffset.UnixEpoch), default);
    }

    /// <summary>Writes the deployment with one revision a (version, traffic) pair.</summary>
    public static Task<Deployment> ServeAsync(this DeploymentTable table, DeploymentRef deployment,
        params (int Version, int Traffic)[] shares) => table.UpdateAsync(deployment, _ =>
        new Deployment(deployment.Project, deployment.Name, Model,
            [.. shares.Select((s, i) => new Revision(i + 1, new(Project, Model, s.Version),
            i == 0 ? RevisionState.Active : RevisionState.Canary, s.Traffic, "deploy", DateTimeOffset.UnixEpoch))], new HealthSpec(), null,
                DateTimeOffset.UnixEpoch), default);
}
