using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TriOps.Core.Content;

/// <summary>The SHA-256 of some bytes, as 64 lower-case hexadecimal digits: the address of immutable content.
/// <c>default</c> addresses nothing: reading it throws.</summary>
[JsonConverter(typeof(ContentIdJsonConverter))]
public readonly record struct ContentId : IParsable<ContentId>
{
    private readonly string? hex;

    private ContentId(string hex) => this.hex = hex;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Hex => hex ?? throw new InvalidOperationException("A default ContentId addresses nothing.");

    /// <summary>The first 12 digits, for people.</summary>
    public string Short => Hex[..12];

    /// <summary>The id of <paramref name="bytes"/>.</summary>
    public static ContentId OfBytes(ReadOnlySpan<byte> bytes) => FromHash(SHA256.HashData(bytes));

    /// <summary>The id whose 32 hash bytes are <paramref name="hash"/>.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static ContentId FromHash(ReadOnlySpan<byte> hash) => hash.Length == SHA256.HashSizeInBytes
        ? new(Convert.ToHexStringLower(hash))
        : throw new ArgumentException($"A SHA-256 hash has 32 bytes; got {hash.Length}.", nameof(hash));

    /// <summary>The id written in <paramref name="s"/>.</summary>
    /// <exception cref="FormatException">Not 64 lower-case hexadecimal digits.</exception>
    public static ContentId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a content id: 64 lower-case hexadecimal digits.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ContentId result)
    {
        result = default;
        if (s is not { Length: 64 }) return false;
        foreach (var c in s)
            if (c is not ((>= '0' and <= '9') or (>= 'a' and <= 'f'))) return false;
        result = new(s);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => hex ?? "";
}

/// <summary>A content id as a JSON string.</summary>
public sealed class ContentIdJsonConverter : JsonConverter<ContentId>
{
    /// <inheritdoc/>
    public override ContentId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ContentId.TryParse(reader.GetString(), null, out var id) ? id
            : throw new JsonException("Not a content id: 64 lower-case hexadecimal digits.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ContentId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Hex);
}
