using System.Text;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Signatures;

namespace TriOps.Serving.Predictions;

/// <summary>Finds a signature's columns by their UTF-8 name. Columns of rows usually come in one order, so the one after the last found is
/// tried first.</summary>
internal sealed class ColumnIndex
{
    private readonly byte[][] names;
    private readonly byte[]?[] quoted;
    private readonly Dictionary<string, int> byName;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;

    /// <param name="signature">Its numbers are columns 0, 1, …; its categories follow.</param>
    public ColumnIndex(TableSignature signature)
    {
        Signature = signature;
        Names = [.. signature.Numbers, .. signature.Categories];
        names = [.. Names.Select(Encoding.UTF8.GetBytes)];
        quoted = [
            .. names.Select(n => n.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~') || n.AsSpan().ContainsAny((byte)'"', (byte)'\\')
            ? null : (byte[])[(byte)'"', .. n, (byte)'"'])];
        byName = new(StringComparer.Ordinal);
        for (var i = 0; i < Names.Count; i++) byName.TryAdd(Names[i], i);
        lookup = byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public TableSignature Signature { get; }

    /// <summary>Column names by index.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>A column's name as a JSON string; one that never matches where it takes escapes.</summary>
    public ReadOnlySpan<byte> Quoted(int column) => quoted[column] ?? "\0"u8;

    /// <summary>The column's index, or -1.</summary>
    /// <param name="name">Unescaped UTF-8.</param>
    /// <param name="guess">Tried first.</param>
    public int Find(ReadOnlySpan<byte> name, int guess)
    {
        if ((uint)guess < (uint)names.Length && name.SequenceEqual(names[guess])) return guess;
        if (name.Length > 1024) return -1;
        Span<char> text = stackalloc char[name.Length];
        return Encoding.UTF8.TryGetChars(name, text, out var written) && lookup.TryGetValue(text[..written], out var found) ? found : -1;
    }

    /// <summary>The known name that <paramref name="name"/> may have been meant to be, or null.</summary>
    public string? Nearest(string name) => NearestName.Of(name, Names);
}
