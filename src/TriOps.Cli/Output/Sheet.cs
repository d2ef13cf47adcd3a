using Spectre.Console;
using Spectre.Console.Rendering;

namespace TriOps.Cli.Output;

/// <summary>A table of markup. In a terminal, columns that matter least give way until the rest fits; elsewhere each row is one line with
/// all columns.</summary>
internal sealed class Sheet(params string[] columns)
{
    /// <summary>Between columns; the border is one of them.</summary>
    private const int Gap = 2;

    private readonly List<string[]> rows = [];
    private readonly List<string> optional = [];
    private readonly HashSet<string> numbers = [], texts = [];

    /// <summary>How many rows there are.</summary>
    public int Count => rows.Count;

    /// <summary>Columns set to the right.</summary>
    public Sheet Numbers(params string[] names)
    {
        numbers.UnionWith(names);
        return this;
    }

    /// <summary>Columns left out of a terminal that is too narrow, the first of them first.</summary>
    public Sheet Optional(params string[] names)
    {
        optional.AddRange(names);
        return this;
    }

    /// <summary>Columns whose text goes on in the next line where it must.</summary>
    public Sheet Texts(params string[] names)
    {
        texts.UnionWith(names);
        return this;
    }

    /// <summary>Adds a row: Spectre markup, one cell a column.</summary>
    public void Row(params string[] cells) =>
        rows.Add(cells.Length == columns.Length ? cells
        : throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns.", nameof(cells)));

    /// <summary>For a terminal of <paramref name="width"/> columns.</summary>
    public Table Live(int width)
    {
        var kept = Fit(width);
        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(foreground: Color.Grey) };
        foreach (var i in kept)
        {
            var column = new TableColumn($"[bold]{columns[i]}[/]") { Padding = new Padding(0, 0, i == kept[^1] ? 0 : Gap - 1, 0),
                NoWrap = !texts.Contains(columns[i]) };
            table.AddColumn(numbers.Contains(columns[i]) ? column.RightAligned() : column);
        }
        foreach (var row in rows) table.AddRow(kept.Select(i => row[i]).ToArray());
        return table;
    }

    /// <summary>The header and the rows as lines of markup, without spaces at their ends.</summary>
    public IEnumerable<string> Plain()
    {
        var widths = columns.Select((_, i) => Width(i)).ToArray();
        return rows.Prepend(columns).Select(row => string.Concat(row.Select((cell, i) => Aligned(cell, i, widths[i]))).TrimEnd());
    }

    /// <summary>Indexes of the columns that fit; columns of text take what is left.</summary>
    private List<int> Fit(int width)
    {
        var kept = Enumerable.Range(0, columns.Length).ToList();
        foreach (var name in optional)
        {
            if (kept.Sum(i => Width(i) + Gap) + Gap <= width) break;
            kept.Remove(Array.IndexOf(columns, name));
        }
        return kept;
    }

    private string Aligned(string cell, int column, int width)
    {
        var space = new string(' ', width - Length(cell));
        return numbers.Contains(columns[column]) ? $"{space}{cell}  " : $"{cell}{space}  ";
    }

    private int Width(int column) => rows.Select(r => Length(r[column])).Append(columns[column].Length).Max();

    private static int Length(string markup) => new Markup(markup).Length;
}
