using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using TriOps.Core;

namespace TriOps.LocalHost.Journal;

/// <summary>A value in the journal: JSON, kept in place or, when large, in a blob.</summary>
public sealed record Payload
{
    /// <summary>The JSON in memory. Null: JSON null, or a blob that is not loaded.</summary>
    [JsonIgnore]
    public JsonElement? Content { get; init; }

    /// <summary>Name of the blob in container "workflows", or null when the JSON is in place.</summary>
    public string? Blob { get; init; }

    /// <summary>What is written in place.</summary>
    public JsonElement? Value { get => Blob is null ? Content : null; init => Content = value; }

    /// <summary>Bytes of UTF-8 that the JSON takes.</summary>
    [JsonIgnore]
    public int Size => Content is { } json ? JsonMarshal.GetRawUtf8Value(json).Length : 4;

    /// <summary>The payload of a value.</summary>
    public static Payload Of<T>(T value) => new() { Content = JsonSerializer.SerializeToElement(value, TriOpsJson.Options) };

    /// <summary>The value.</summary>
    /// <exception cref="JsonException">The JSON is not a <typeparamref name="T"/>.</exception>
    public T Read<T>() => Content is { } json ? json.Deserialize<T>(TriOpsJson.Options)! : default!;
}
