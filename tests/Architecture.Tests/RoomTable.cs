using System.Text.RegularExpressions;

namespace TriOps.Architecture.Tests;

/// <summary>A room as docs/architecture.md has it.</summary>
/// <param name="Name">"TriOps.Core", or "functions".</param>
/// <param name="MayReference">Rooms, without "TriOps.".</param>
internal sealed record Room(string Name, IReadOnlyList<string> MayReference);

/// <summary>The table of rooms in docs/architecture.md: the document is the rule.</summary>
internal static partial class RoomTable
{
    /// <summary>Every row.</summary>
    public static IReadOnlyList<Room> Rooms { get; } = Read(File.ReadAllText(Path.Combine(Built.Root, "docs", "architecture.md")));

    private static IReadOnlyList<Room> Read(string document) => [.. Rows().Matches(document).Select(m => new Room(m.Groups[1].Value,
        [.. m.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(r => r != "none")]))];

    [GeneratedRegex(@"^\| `(?:src/)?([A-Za-z.]+)` \|[^|\n]*\| ([^|\n]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
