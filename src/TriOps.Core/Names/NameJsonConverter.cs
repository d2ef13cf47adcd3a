using System.Text.Json;
using System.Text.Json.Serialization;

namespace TriOps.Core.Names;

/// <summary>Reads and writes a name as a JSON string or property name; a text that breaks the rule is a
/// <see cref="JsonException"/>.</summary>
public sealed class NameJsonConverter<T> : JsonConverter<T> where T : struct, IName<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value);

    private static T Parse(string? text)
    {
        try { return NameRule.Parse<T>(text); }
        catch (FormatException e) { throw new JsonException(e.Message, e); }
    }
}
