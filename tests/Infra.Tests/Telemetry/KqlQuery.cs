using System.Text.RegularExpressions;

namespace TriOps.Infra.Tests.Telemetry;

/// <summary>
/// As much of a KQL query as is needed to know what it asks of its tables: names that are neither words of the language, nor functions, nor
/// the query's own.
/// </summary>
/// <remarks>
/// Source: learn.microsoft.com/kusto/query. Strings in single quotes only, no let, no comments: what infra's queries are written in.
/// </remarks>
internal sealed partial class KqlQuery
{
    private static readonly HashSet<string> Words =
    [
        "and", "asc", "by", "contains", "desc", "false", "has", "in", "or", "order", "project", "startswith", "summarize", "take", "true",
        "union", "where",
    ];

    private KqlQuery(IReadOnlyList<string> tables, IReadOnlyList<string> columns) => (Tables, Columns) = (tables, columns);

    public IReadOnlyList<string> Tables { get; }

    /// <summary>Each column once, in the order in which the query first names it.</summary>
    public IReadOnlyList<string> Columns { get; }

    public static KqlQuery Parse(string text)
    {
        var bare = Strings().Replace(text, "''");
        var own = Given().Matches(bare).Select(m => m.Groups[1].Value).ToHashSet();
        var names = Names().Matches(bare).Select(m => m.Value).Where(n => !Words.Contains(n)).Distinct().ToList();
        return new([.. names.Where(LogTables.Knows)], [.. names.Where(n => !LogTables.Knows(n) && !own.Contains(n))]);
    }

    /// <summary>The columns that one of the query's tables does not have.</summary>
    public IReadOnlyList<string> Missing() =>
        [.. from column in Columns from table in Tables where !LogTables.Columns(table).Contains(column) select $"{table}.{column}"];

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Strings();

    /// <summary>A name that gets a value: one equals sign behind it.</summary>
    [GeneratedRegex(@"\b([A-Za-z_]\w*)\s*=(?![=~])")]
    private static partial Regex Given();

    /// <summary>No function, and no unit of a time span.</summary>
    [GeneratedRegex(@"(?<![\w.])[A-Za-z_]\w*\b(?!\s*\()")]
    private static partial Regex Names();
}
