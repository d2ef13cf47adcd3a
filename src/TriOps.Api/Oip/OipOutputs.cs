using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Serving.Predictions;

namespace TriOps.Api.Oip;

/// <summary>A model's outputs as tensors: "probabilities" or "prediction" as the graph gives them, "label" (the most probable class), and
/// "id" (for feedback).</summary>
internal static class OipOutputs
{
    /// <summary>What a model gives.</summary>
    public static IReadOnlyList<TensorMetadata> Describe(TableSignature signature) => signature.Task == TaskKind.Regression
        ? [new("prediction", "FP32", [-1, 1]), new("id", "BYTES", [-1, 1])]
        : [new("probabilities", "FP32", [-1, signature.Classes.Count]), new("label", "BYTES", [-1, 1]), new("id", "BYTES", [-1, 1])];

    /// <summary>What a model takes.</summary>
    public static IReadOnlyList<TensorMetadata> Inputs(TableSignature signature)
    {
        var inputs = new List<TensorMetadata>();
        if (signature.Numbers.Count > 0) inputs.Add(new("numbers", "FP32", [-1, signature.Numbers.Count]));
        if (signature.Categories.Count > 0) inputs.Add(new("categories", "BYTES", [-1, signature.Categories.Count]));
        return inputs;
    }

    /// <summary>The wanted outputs; all when the request names none.</summary>
    /// <param name="request">Names outputs, and may ask for bytes.</param>
    /// <param name="signature">The model's.</param>
    /// <param name="scored">Ids and outputs.</param>
    /// <param name="binary">Takes the tensors that were asked for as bytes, in order.</param>
    public static IReadOnlyList<AnswerTensor> Write(InferRequest request, TableSignature signature, Scored scored, Stream binary)
    {
        var all = Describe(signature);
        var wanted = request.Outputs is { Count: > 0 } ? request.Outputs.Select(o => (o?.Name, Binary: Flag(o?.Parameters, "binary_data")))
            : all.Select(o => ((string?)o.Name, Binary: (bool?)null));
        var otherwise = Flag(request.Parameters, "binary_data_output") ?? false;
        var tensors = new List<AnswerTensor>();
        foreach (var (name, asBytes) in wanted)
        {
            var kind = all.FirstOrDefault(o => o.Name == name)
                ?? throw new InvalidInputException("tensor-invalid",
                $"The model has no output '{name}'; it has: {string.Join(", ", all.Select(o => o.Name))}.");
            Array data = kind.Name switch { "id" => scored.Ids, "label" => Labels(signature, scored), _ => scored.Outputs };
            IReadOnlyList<long> shape = [scored.Ids.Length, kind.Shape[1]];
            if (!(asBytes ?? otherwise))
            {
                tensors.Add(new(kind.Name, kind.Datatype, shape, null, data));
                continue;
            }
            var bytes = TensorData.Bytes(data);
            binary.Write(bytes);
            tensors.Add(new(kind.Name, kind.Datatype, shape, new Dictionary<string, long> { ["binary_data_size"] = bytes.Length }, null));
        }
        return tensors;
    }

    private static string[] Labels(TableSignature signature, Scored scored)
    {
        var (labels, width) = (new string[scored.Ids.Length], signature.Classes.Count);
        for (var i = 0; i < labels.Length; i++) labels[i] = signature.Classes[PredictedClass.Best(scored.Outputs.AsSpan(i * width, width))];
        return labels;
    }

    private static bool? Flag(IReadOnlyDictionary<string, JsonElement>? parameters, string name) =>
        parameters?.GetValueOrDefault(name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };
}
