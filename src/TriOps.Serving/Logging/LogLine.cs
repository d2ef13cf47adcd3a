using System.Text.Json;
using TriOps.Core.Deployments;
using TriOps.Serving.Predictions;

namespace TriOps.Serving.Logging;

/// <summary>Writes a record as <see cref="InferenceLog.Serialize{T}"/> does, byte for byte, without asking a serialiser about every
/// property: there is a line a prediction.</summary>
internal static class LogLine
{
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id"), At = JsonEncodedText.Encode("at"),
        Revision = JsonEncodedText.Encode("revision"), Version = JsonEncodedText.Encode("version"),
        Numbers = JsonEncodedText.Encode("numbers"), Categories = JsonEncodedText.Encode("categories"),
        Outputs = JsonEncodedText.Encode("outputs"), Microseconds = JsonEncodedText.Encode("microseconds"),
        Error = JsonEncodedText.Encode("error");

    /// <summary>One JSON object.</summary>
    /// <param name="json">At the start of a document.</param>
    /// <param name="record">What it says.</param>
    public static void Write(Utf8JsonWriter json, InferenceRecord record)
    {
        json.WriteStartObject();
        json.WriteString(Id, record.Id);
        json.WriteString(At, record.At);
        json.WriteNumber(Revision, record.Revision);
        json.WriteNumber(Version, record.Version);
        Write(json, Numbers, record.Numbers);
        json.WriteStartArray(Categories);
        foreach (var text in record.Categories) json.WriteStringValue(text);
        json.WriteEndArray();
        Write(json, Outputs, record.Outputs);
        json.WriteNumber(Microseconds, record.Microseconds);
        if (record.Error is { } error) json.WriteString(Error, error);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, float[] values)
    {
        json.WritePropertyName(name);
        var most = (values.Length * (NumberWriter.Longest + 1)) + 2;
        Span<byte> text = most <= 4096 ? stackalloc byte[most] : new byte[most];
        var at = 0;
        text[at++] = (byte)'[';
        foreach (var value in values)
        {
            at += NumberWriter.Format(value, text[at..]);
            text[at++] = (byte)',';
        }
        if (values.Length > 0) at--;
        text[at++] = (byte)']';
        json.WriteRawValue(text[..at], skipInputValidation: true);
    }
}
