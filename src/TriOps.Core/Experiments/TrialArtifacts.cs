using System.Text.Json;
using System.Text.Json.Serialization;
using TriOps.Core.Content;
using TriOps.Core.Signatures;

namespace TriOps.Core.Experiments;

/// <summary>What a trainer leaves in the models container, by content. What was written before a model could have several files names its
/// one graph "onnx"; it is read still.</summary>
/// <param name="Files">Preprocessing and model in one graph, and the files it keeps tensors in.</param>
/// <param name="Signature">Inputs and outputs.</param>
/// <param name="Reference">models/reference/{id}.json: held-out rows with the trainer's own outputs (Models' ReferenceOutputs).</param>
/// <param name="Importance">Features by importance, largest first; shares that sum to 1.</param>
/// <param name="Baseline">models/baselines/{id}.json: its training rows with the trainer's own outputs (Monitoring's Baseline); null from
/// trainers that left none.</param>
[JsonConverter(typeof(TrialArtifactsJson))]
public sealed record TrialArtifacts(ModelFiles Files, ModelSignature Signature, ContentId Reference,
    IReadOnlyList<FeatureImportance> Importance, ContentId? Baseline = null);

/// <summary>Writes the files; reads the one graph of before, too.</summary>
internal sealed class TrialArtifactsJson : JsonConverter<TrialArtifacts>
{
    public override TrialArtifacts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var wire = JsonSerializer.Deserialize<Wire>(ref reader, options)!;
        try
        {
            return new(wire.Files is { } files ? new ModelFiles(files) : ModelFiles.Of(wire.Onnx!.Value, wire.OnnxBytes), wire.Signature,
                wire.Reference, wire.Importance ?? [], wire.Baseline);
        }
        catch (Exception e) when (e is InvalidInputException or InvalidOperationException)
        {
            throw new JsonException($"A trial's artefacts name no files: {e.Message}", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, TrialArtifacts value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer,
        new Wire(value.Files.Files, value.Signature, value.Reference, value.Importance, value.Baseline), options);

    private sealed record Wire(IReadOnlyList<ModelFile>? Files, ModelSignature Signature, ContentId Reference,
        IReadOnlyList<FeatureImportance>? Importance, ContentId? Baseline,
        ContentId? Onnx = null, long OnnxBytes = 0);
}
