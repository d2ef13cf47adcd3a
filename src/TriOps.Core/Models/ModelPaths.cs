using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Core.Models;

/// <summary>Where models and what belongs to them lie in the models container.</summary>
public static class ModelPaths
{
    /// <summary>A model's file: graphs by themselves, what they keep in other files beside them.</summary>
    public static BlobPath File(ModelFile file) => file.Name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? Onnx(file.Id)
        : new(Containers.Models, $"files/{file.Id}");
    /// <summary>An ONNX graph.</summary>
    public static BlobPath Onnx(ContentId id) => new(Containers.Models, $"onnx/{id}.onnx");
    /// <summary>A <see cref="ReferenceOutputs"/>.</summary>
    public static BlobPath Reference(ContentId id) => new(Containers.Models, $"reference/{id}.json");
    /// <summary>An <see cref="Evaluations.Evaluation"/>.</summary>
    public static BlobPath Evaluation(ContentId id) => new(Containers.Models, $"evaluations/{id}.json");
    /// <summary>A <see cref="Monitoring.Baseline"/>.</summary>
    public static BlobPath Baseline(ContentId id) => new(Containers.Models, $"baselines/{id}.json");
    /// <summary>A model card.</summary>
    public static BlobPath Card(ModelVersionRef version) =>
        new(Containers.Models, $"cards/{version.Project}/{version.Model}/{version.Number}.md");
    /// <summary>A <see cref="Experiments.TrainingPlan"/>.</summary>
    public static BlobPath Plan(ContentId id) => new(Containers.Models, $"plans/{id}.json");
}
