using System.Globalization;
using System.Text;

namespace TriOps.Core.Models;

/// <summary>Markdown in which texts from users' data stay texts: nothing in them becomes markup, a link, HTML or another line.</summary>
internal static class MarkdownText
{
    private const string Special = "\\`*_[]#|~>$@";
    private const int Longest = 120;

    /// <summary>One line of at most 120 characters that renders as <paramref name="text"/> does.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        var (count, before) = (0, "");
        foreach (var rune in text.EnumerateRunes())
        {
            if (++count > Longest) { escaped.Append('…'); break; }
            _ = rune.Value switch
            {
                '<' => escaped.Append("&lt;"),
                '&' => escaped.Append("&amp;"),
                _ when Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator => escaped.Append(' '),
                < 128 when Special.Contains((char)rune.Value, StringComparison.Ordinal) => escaped.Append('\\').Append((char)rune.Value),
                '/' or '.' when before is ":" or "w" => escaped.Append('\\').Append((char)rune.Value), // no bare link: https://, www.
                _ => escaped.Append(rune.ToString()),
            };
            before = rune.ToString();
        }
        return escaped.ToString();
    }

    /// <summary>A number with up to four decimals, or four significant digits below 0.001.</summary>
    public static string Number(double value) =>
        value.ToString(value != 0 && Math.Abs(value) < 0.001 ? "0.###e-0" : "#,0.####", CultureInfo.InvariantCulture);

    /// <summary>A whole number with thousands separated.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A table. Cells are Markdown: escape what comes from outside.</summary>
    public static void Table(StringBuilder card, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        card.Append("| ").AppendJoin(" | ", head).Append(" |\n|")
            .Append(string.Concat(Enumerable.Repeat(" --- |", head.Count))).Append('\n');
        foreach (var row in rows) card.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        card.Append('\n');
    }
}
