using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace TriOps.Core;

/// <summary>Reads and writes a record that comes in kinds, told apart by their property "kind". What was written before there were kinds
/// has none.</summary>
/// <typeparam name="T">The kinds' common base; each kind is a type of its own.</typeparam>
/// <param name="before">The kind of what has no property "kind".</param>
/// <param name="kinds">Every kind's type, by its name in JSON.</param>
public abstract class KindJson<T>(string before, IReadOnlyDictionary<string, Type> kinds) : JsonConverter<T> where T : class
{
    private const string Discriminator = "kind";

    /// <inheritdoc/>
    /// <exception cref="JsonException">It is no object, or of a kind that is not known here.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException($"A {typeof(T).Name} is an object, not {element.ValueKind}.");
        var kind = element.TryGetProperty(Discriminator, out var named) ? named.ToString() : before;
        if (!kinds.TryGetValue(kind, out var type))
            throw new JsonException(
                $"A {typeof(T).Name} of kind '{kind}' is not known; known are {string.Join(", ", kinds.Keys)}. A newer version wrote it.");
        return (T)element.Deserialize(type, options)!;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var written = JsonSerializer.SerializeToNode(value, value.GetType(), options)!.AsObject();
        written.Insert(0, Discriminator, kinds.First(k => k.Value == value.GetType()).Key);
        written.WriteTo(writer, options);
    }
}
