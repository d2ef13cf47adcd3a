using System.Text;
using System.Text.Json;
using TriOps.Cli.CommandLine;
using TriOps.Data.Csv;

namespace TriOps.Cli.Data;

/// <summary>Rows of text by column name, from a CSV file with a header or a JSON file with an array of objects.</summary>
internal static class RowFile
{
    /// <summary>Reads the rows; an empty field and a JSON null are null.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="limit">Most rows read from a CSV file; the rest is not looked at.</param>
    /// <exception cref="CliException">The file is missing, of another kind, or no JSON rows (exit 2).</exception>
    /// <exception cref="TriOps.Core.InvalidInputException">The CSV is malformed; the message names the line.</exception>
    public static async Task<IReadOnlyList<Dictionary<string, string?>>> ReadAsync(string path, CancellationToken ct,
        int limit = int.MaxValue)
    {
        if (!File.Exists(path)) throw new CliException(Exit.Usage, "file-missing", $"There is no file {path}.");
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => await ReadCsvAsync(path, limit, ct),
            ".json" => ParseJson(await File.ReadAllTextAsync(path, ct), path),
            var other =>
            throw new CliException(Exit.Usage, "file-kind", $"{path} ends in '{other}'. Rows are read from .csv and .json files."),
        };
    }

    /// <summary>Rows from JSON: an array of objects, or one object.</summary>
    public static IReadOnlyList<Dictionary<string, string?>> ParseJson(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var rows = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToArray()
                : [document.RootElement];
            if (rows.Any(r => r.ValueKind != JsonValueKind.Object))
                throw new CliException(Exit.Usage, "rows-invalid",
                    $"{source} holds something that is no row. A row is an object: {{\"column\": value, …}}");
            return [.. rows.Select(r => r.EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.Null ? null : p.Value.ToString()))];
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new CliException(Exit.Usage, "rows-invalid", $"{source} is not readable as JSON: {e.Message}");
        }
    }

    private static async Task<List<Dictionary<string, string?>>> ReadCsvAsync(string path, int limit, CancellationToken ct)
    {
        using var csv = await CsvReader.OpenAsync(File.OpenRead(path), Path.GetFileName(path), ct);
        var rows = new List<Dictionary<string, string?>>();
        while (rows.Count < limit && await csv.ReadAsync(ct))
        {
            var row = new Dictionary<string, string?>(csv.Header.Count);
            for (var column = 0; column < csv.Header.Count; column++)
                row[csv.Header[column]] = csv.Field(column) is { Length: > 0 } field ? Encoding.UTF8.GetString(field) : null;
            rows.Add(row);
        }
        return rows;
    }
}
