using System.Text;

namespace TriOps.Data.Csv;

/// <summary>Checks a table's first row.</summary>
internal static class CsvHeader
{
    /// <summary>Longest column name, in characters.</summary>
    public const int MaxName = 256;

    /// <summary>The names in the reader's current row.</summary>
    public static string[] Read(CsvReader reader, string file)
    {
        var names = new string[reader.FieldCount];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        string Text(int column) => Encoding.UTF8.GetString(reader.Field(column)).Trim();
        if (names.Length == 1 && Text(0).IndexOfAny([';', '\t', '|']) is var at and >= 0)
            throw CsvFault.Of("csv-delimiter", file,
                $"the header is one column, '{Text(0)}', with '{(Text(0)[at] == '\t' ? "tab" : Text(0)[at])}' in it. Separate columns "
                + $"with commas.");
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i] = Text(i);
            if (name.Contains('\r'))
                throw CsvFault.Of("csv-line-ends", file,
                    "lines end with a carriage return alone. Save the file with LF or CRLF line ends.");
            if (name.Length == 0)
                throw CsvFault.Of("csv-header", file, $"column {i + 1} has no name. The first line must name every column.");
            if (name.Length > MaxName || name.Any(char.IsControl))
                throw CsvFault.Of("csv-header", file,
                    $"the name of column {i + 1} is longer than {MaxName} characters or holds control characters. Is the first "
                    + $"line a header?");
            if (!seen.TryAdd(name, i))
                throw CsvFault.Of("csv-header", file, $"columns {seen[name] + 1} and {i + 1} are both named '{name}'. Rename one.");
        }
        return names;
    }
}
