using System.Text.Json;

namespace TriOps.Infra.Tests.Telemetry;

/// <summary>
/// The tables of Azure Monitor that queries ask, with their published columns: log-tables.json says where each list is from.
/// </summary>
internal static class LogTables
{
    private static readonly Dictionary<string, HashSet<string>> All = Read();

    /// <summary>The columns of a table, which must be one of those written down.</summary>
    public static IReadOnlySet<string> Columns(string table) => All.TryGetValue(table, out var found) ? found
        : throw new KeyNotFoundException($"log-tables.json has no '{table}'. Add its published columns, with their source.");

    public static bool Knows(string name) => All.ContainsKey(name);

    private static Dictionary<string, HashSet<string>> Read()
    {
        using var file = JsonDocument.Parse(Repository.Read("tests", "Infra.Tests", "Telemetry", "log-tables.json"));
        return file.RootElement.GetProperty("tables").EnumerateObject()
            .ToDictionary(t => t.Name, t => t.Value.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToHashSet());
    }
}
