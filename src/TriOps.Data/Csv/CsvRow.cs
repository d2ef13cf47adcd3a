namespace TriOps.Data.Csv;

/// <summary>Writes rows as RFC 4180 has them.</summary>
public static class CsvRow
{
    /// <summary>Writes one row, ended by a line feed. Fields with commas, quotes, line breaks or outer spaces are quoted; so is the empty
    /// field of a one-column table, whose row would else be a blank line.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<string> fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (i > 0) writer.Write(',');
            var field = fields[i];
            if (field.Length == 0 ? fields.Count == 1 : field.AsSpan().ContainsAny(",\"\r\n") || field[0] == ' ' || field[^1] == ' ')
            {
                writer.Write('"');
                writer.Write(field.Replace("\"", "\"\""));
                writer.Write('"');
            }
            else writer.Write(field);
        }
        writer.Write('\n');
    }
}
