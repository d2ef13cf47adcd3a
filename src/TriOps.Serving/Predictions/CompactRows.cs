using System.Text;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Serving.Predictions;

/// <summary>Reads what most clients send in a third of <see cref="RowsReader"/>'s time: rows that name the columns in the signature's
/// order, numbers as numbers, texts without escapes. It knows no errors: at anything else, right or wrong, it gives up, and the reader that
/// knows the whole of JSON begins from the start.</summary>
internal ref struct CompactRows
{
    private readonly ReadOnlySpan<byte> body;
    private readonly ColumnIndex columns;
    private readonly int numberCount;
    private int at;
    private bool[]? absent;

    private CompactRows(ReadOnlySpan<byte> body, ColumnIndex columns)
    {
        this.body = body;
        this.columns = columns;
        numberCount = columns.Signature.Numbers.Count;
    }

    /// <summary>The one row of a request, or null when it has another form than the one this reads, or more rows.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="columns">The model's.</param>
    public static FeatureRows? TryRead(ReadOnlySpan<byte> body, ColumnIndex columns) => TryRead(body, columns, out _);

    /// <summary>The same, and which columns the row does not name; null when it names all.</summary>
    public static FeatureRows? TryRead(ReadOnlySpan<byte> body, ColumnIndex columns, out bool[]? absent)
    {
        var reader = new CompactRows(body, columns);
        var row = reader.TryRead();
        absent = reader.absent;
        return row;
    }

    private FeatureRows? TryRead()
    {
        if (columns.Names.Count == 0 || !Take("{"u8) || !Take("\"rows\""u8) || !Take(":"u8) || !Take("["u8) || !Take("{"u8)) return null;
        var (numbers, categories) =
            (new float[numberCount], columns.Signature.Categories.Count == 0 ? [] : new string[columns.Signature.Categories.Count]);
        Array.Fill(numbers, float.NaN);
        Array.Fill(categories, "");
        // Columns may be left out, but not change places.
        for (var column = 0; ; column++)
        {
            while (!Take(columns.Quoted(column)))
            {
                Leave(column);
                if (++column >= columns.Names.Count) return null;
            }
            if (!Take(":"u8)) return null;
            Skip();
            if (body[at..].StartsWith("null"u8)) at += 4;
            else if (column < numberCount ? !JsonNumber.TryRead(body, ref at, out numbers[column])
                : !TryText(out categories[column - numberCount])) return null;
            if (Take("}"u8))
            {
                while (++column < columns.Names.Count) Leave(column);
                break;
            }
            if (!Take(","u8) || column + 1 >= columns.Names.Count) return null;
        }
        if (!Take("]"u8) || !Take("}"u8)) return null;
        Skip();
        return at == body.Length ? new FeatureRows(numbers, categories, 1) : null;
    }

    private void Leave(int column) => (absent ??= new bool[columns.Names.Count])[column] = true;

    private bool TryText(out string text)
    {
        text = "";
        if (at == body.Length || body[at] != '"') return false;
        var length = body[(at + 1)..].IndexOf((byte)'"');
        if (length is < 0 or > RowsReader.MaxText) return false;
        var bytes = body.Slice(at + 1, length);
        if (bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') || bytes.Contains((byte)'\\')) return false;
        text = Encoding.ASCII.GetString(bytes);
        at += length + 2;
        return true;
    }

    private bool Take(ReadOnlySpan<byte> token)
    {
        Skip();
        if (!body[at..].StartsWith(token)) return false;
        at += token.Length;
        return true;
    }

    private void Skip()
    {
        while ((uint)at < (uint)body.Length && body[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
    }
}
