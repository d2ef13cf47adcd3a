using System.Text.Json;
using System.Text.Json.Serialization;

namespace TriOps.Api.Oip;

/// <summary>An inference request of the Open Inference Protocol, version 2.</summary>
internal sealed record InferRequest(string? Id, IReadOnlyDictionary<string, JsonElement>? Parameters, IReadOnlyList<InferTensor?>? Inputs,
    IReadOnlyList<InferOutput?>? Outputs);

/// <summary>A tensor of a request. Its data is JSON, flat or nested, or follows the JSON (parameters.binary_data_size).</summary>
internal sealed record InferTensor(string? Name, IReadOnlyList<long>? Shape, string? Datatype, JsonElement? Data,
    IReadOnlyDictionary<string, JsonElement>? Parameters);

/// <summary>A wanted output.</summary>
internal sealed record InferOutput(string? Name, IReadOnlyDictionary<string, JsonElement>? Parameters);

/// <summary>An answer.</summary>
internal sealed record InferAnswer([property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion, string? Id,
    IReadOnlyList<AnswerTensor> Outputs);

/// <summary>A tensor of an answer.</summary>
internal sealed record AnswerTensor(string Name, string Datatype, IReadOnlyList<long> Shape,
    IReadOnlyDictionary<string, long>? Parameters, Array? Data);

/// <summary>What the server is.</summary>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

/// <summary>What a model takes and gives.</summary>
internal sealed record ModelMetadata(string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorMetadata> Inputs,
    IReadOnlyList<TensorMetadata> Outputs);

/// <summary>A tensor's type; -1 is any number of rows.</summary>
internal sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>Whether a model is ready.</summary>
internal sealed record ModelReady(string Name, bool Ready);

/// <summary>An error.</summary>
internal sealed record OipError(string Error);
