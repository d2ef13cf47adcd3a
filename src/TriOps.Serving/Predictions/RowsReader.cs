using System.Buffers;
using System.Text;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Serving.Predictions;

/// <summary>Reads {"rows":[{"column":value,…},…]} straight into a model's layout. A column that is absent or null is missing: NaN, or
/// "".</summary>
/// <remarks>Numbers come from JSON numbers, booleans (1 and 0) and numeric strings; categories from strings, numbers and booleans, as a CSV
/// file would have them. A category the model has not seen is passed on: the graph treats it as unknown.</remarks>
internal ref struct RowsReader
{
    /// <summary>Longest category in UTF-8 bytes.</summary>
    public const int MaxText = 4096;

    private readonly ColumnIndex columns;
    private readonly int numberCount;
    private readonly int categoryCount;
    private Utf8JsonReader json;
    private float[] numbers;
    private string[] categories;
    private int count;
    private bool[]? absent;

    private RowsReader(ReadOnlySpan<byte> body, ColumnIndex columns)
    {
        this.columns = columns;
        (numberCount, categoryCount) = (columns.Signature.Numbers.Count, columns.Signature.Categories.Count);
        json = new Utf8JsonReader(body);
        (numbers, categories) = (new float[numberCount], new string[categoryCount]);
    }

    /// <summary>The rows.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="columns">The model's.</param>
    /// <exception cref="InvalidInputException">What is wrong, in which row and column (codes json-invalid, rows-missing, rows-too-many,
    /// column-unknown, column-twice, value-invalid).</exception>
    public static FeatureRows Read(ReadOnlySpan<byte> body, ColumnIndex columns) => Read(body, columns, out _);

    /// <summary>The rows, and what they lack.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="columns">The model's.</param>
    /// <param name="absent">By column: whether a row does not name it; null when every row names every one.</param>
    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, ColumnIndex)" path="/exception"/>
    public static FeatureRows Read(ReadOnlySpan<byte> body, ColumnIndex columns, out bool[]? absent) =>
        CompactRows.TryRead(body, columns, out absent) ?? ReadWhole(body, columns, out absent);

    /// <summary>The same, whatever form the body has.</summary>
    internal static FeatureRows ReadWhole(ReadOnlySpan<byte> body, ColumnIndex columns) => ReadWhole(body, columns, out _);

    private static FeatureRows ReadWhole(ReadOnlySpan<byte> body, ColumnIndex columns, out bool[]? absent)
    {
        try
        {
            var reader = new RowsReader(body, columns);
            var rows = reader.Read();
            absent = reader.absent;
            return rows;
        }
        catch (JsonException e) { throw new InvalidInputException("json-invalid", $"The request is not JSON: {e.Message}", e); }
        catch (InvalidOperationException e) when (e.InnerException is DecoderFallbackException)
        {
            throw new InvalidInputException("json-invalid", "The request is not UTF-8.", e);
        }
    }

    private FeatureRows Read()
    {
        var found = false;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw Invalid("rows-missing", "The request is not a JSON object. Send {\"rows\":[{\"column\":value}]}.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("rows"u8))
                throw Invalid("property-unknown",
                    $"'{Text()}' is not part of a prediction request. Send {{\"rows\":[{{\"column\":value}}]}}.");
            if (found) throw Invalid("property-twice", "'rows' is there twice.");
            found = true;
            json.Read();
            ReadRows();
        }
        json.Read(); // Anything after the object is an error.
        if (count == 0) throw Invalid("rows-missing", "The request has no rows. Send {\"rows\":[{\"column\":value}]} with at least one.");
        if (numbers.Length != count * numberCount) Array.Resize(ref numbers, count * numberCount);
        if (categories.Length != count * categoryCount) Array.Resize(ref categories, count * categoryCount);
        return new FeatureRows(numbers, categories, count);
    }

    private void ReadRows()
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw Invalid("rows-missing", "'rows' is not an array. Send {\"rows\":[{\"column\":value}]}.");
        Span<int> seenInRow = columns.Names.Count <= 512 ? stackalloc int[columns.Names.Count] : new int[columns.Names.Count];
        seenInRow.Clear();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
                throw Invalid("value-invalid", $"Row {count} is not an object. Send {{\"column\":value}}.");
            if (count == Predictor.MaxRows)
                throw Invalid("rows-too-many", $"The request has more than {Predictor.MaxRows:N0} rows. Send them in several requests.");
            if (count > 0 && count * Math.Max(numberCount, categoryCount) >= Math.Max(numbers.Length, categories.Length)) Grow();
            numbers.AsSpan(count * numberCount, numberCount).Fill(float.NaN);
            categories.AsSpan(count * categoryCount, categoryCount).Fill("");
            ReadRow(seenInRow);
            count++;
        }
    }

    private void Grow()
    {
        var rows = Math.Min(Predictor.MaxRows, count * 4);
        Array.Resize(ref numbers, rows * numberCount);
        Array.Resize(ref categories, rows * categoryCount);
    }

    private void ReadRow(scoped Span<int> seenInRow)
    {
        var (column, found) = (-1, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            column = Column(column + 1);
            if (seenInRow[column] == count + 1) throw Invalid("column-twice", $"Row {count} has column '{columns.Names[column]}' twice.");
            seenInRow[column] = count + 1;
            found++;
            json.Read();
            if (json.TokenType == JsonTokenType.Null) continue;
            if (column < numberCount) numbers[(count * numberCount) + column] = Number(column);
            else categories[(count * categoryCount) + column - numberCount] = Category(column);
        }
        if (found < seenInRow.Length) NoteAbsent(seenInRow);
    }

    private void NoteAbsent(scoped ReadOnlySpan<int> seenInRow)
    {
        absent ??= new bool[seenInRow.Length];
        for (var i = 0; i < seenInRow.Length; i++) absent[i] |= seenInRow[i] != count + 1;
    }

    private readonly int Column(int guess)
    {
        var column = json.ValueIsEscaped ? columns.Find(Encoding.UTF8.GetBytes(Text()), guess) : columns.Find(json.ValueSpan, guess);
        if (column >= 0) return column;
        var name = Text();
        if (name == columns.Signature.Label)
            throw Invalid("column-unknown", $"Row {count} has column '{name}', which is what the model predicts. Leave it out.");
        var nearest = columns.Nearest(name);
        throw Invalid("column-unknown",
            $"Row {count} has column '{Short(name)}', which the model does not use. "
            + $"{(nearest is null ? "Leave it out" : $"Did you mean '{nearest}'? Otherwise leave it out")}.");
    }

    private readonly float Number(int column)
    {
        float value;
        switch (json.TokenType)
        {
            case JsonTokenType.True: return 1;
            case JsonTokenType.False: return 0;
            case JsonTokenType.Number when json.TryGetSingle(out value): break;
            case JsonTokenType.String when NumberText.TryParse(Text(), out value): break;
            default: throw Wrong(column, "a number");
        }
        return float.IsInfinity(value) ? throw Wrong(column, "a number within ±3.4e38, the range of 32-bit floats") : value;
    }

    private readonly string Category(int column) => json.TokenType switch
    {
        JsonTokenType.String when json.ValueSpan.Length <= MaxText => Text(),
        JsonTokenType.String => throw Wrong(column, $"a text of at most {MaxText} bytes"),
        JsonTokenType.Number => Encoding.UTF8.GetString(json.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => throw Wrong(column, "a text"),
    };

    private readonly string Text() => json.GetString()!;

    private readonly InvalidInputException Wrong(int column, string wanted)
    {
        var found = json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => $"\"{Short(Text())}\"",
            _ => Short(Encoding.UTF8.GetString(json.ValueSpan)),
        };
        return Invalid("value-invalid", $"Row {count}, column '{columns.Names[column]}': {found} is not {wanted}.");
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private static InvalidInputException Invalid(string code, string message) => new(code, message);
}
