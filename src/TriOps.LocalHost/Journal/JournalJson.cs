using System.Text.Json;
using TriOps.Core;

namespace TriOps.LocalHost.Journal;

/// <summary>How rows of the journal are written: an envelope with the format's version around a list.</summary>
public static class JournalJson
{
    /// <summary>The format that is written, and the only one that is read.</summary>
    public const int Version = 1;

    private sealed record Envelope<T>(int V, T Items);

    /// <summary>As JSON.</summary>
    public static string Write<T>(T items) => JsonSerializer.Serialize(new Envelope<T>(Version, items), TriOpsJson.Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Another version of the format, or none.</exception>
    public static T Read<T>(string json)
    {
        using var document = JsonDocument.Parse(json);
        var version = document.RootElement.TryGetProperty("v", out var v) && v.TryGetInt32(out var n) ? n : 0;
        if (version != Version) throw new InvalidDataException($"A journal row has format version {version}; this host reads {Version}. Start a host that knows the format, or purge the instance.");
        return document.RootElement.GetProperty("items").Deserialize<T>(TriOpsJson.Options)!;
    }

    /// <summary>Writes a list as one or more rows of at most about <paramref name="maxChars"/> each.</summary>
    public static IEnumerable<string> WriteRows<T>(IReadOnlyList<T> items, int maxChars)
    {
        var whole = Write(items);
        if (whole.Length <= maxChars || items.Count <= 1) return [whole];
        var half = items.Count / 2;
        return WriteRows([.. items.Take(half)], maxChars).Concat(WriteRows([.. items.Skip(half)], maxChars));
    }
}
