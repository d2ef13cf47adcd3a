using System.Text;

namespace TriOps.Data.Csv;

/// <summary>Makes strings of fields, one string for fields that are equal, as long as there are few different ones.</summary>
internal sealed class Utf8Interner(int capacity = 65_536)
{
    private readonly Dictionary<ulong, (byte[] Bytes, string Text)> known = [];

    public string Get(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty) return "";
        var hash = RowHash.OfField(field);
        if (known.TryGetValue(hash, out var found) && field.SequenceEqual(found.Bytes)) return found.Text;
        var text = Encoding.UTF8.GetString(field);
        if (known.Count < capacity && field.Length <= 256) known.TryAdd(hash, (field.ToArray(), text));
        return text;
    }
}
