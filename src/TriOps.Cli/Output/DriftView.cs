using TriOps.Core.Monitoring;

namespace TriOps.Cli.Output;

/// <summary>Shows which columns moved and by how much.</summary>
internal static class DriftView
{
    /// <summary>Columns shown below those that moved.</summary>
    private const int Still = 3;

    /// <summary>The columns that moved, and the first that did not.</summary>
    public static void Show(Screen screen, DriftReport report)
    {
        var moved = report.Columns.Where(c => c.Moved).ToArray();
        var table = new Sheet("column", "before", "after", "PSI", "distance", "p", "").Numbers("before", "after", "PSI", "distance", "p")
            .Optional("distance", "p");
        foreach (var c in moved.Concat(report.Columns.Where(c => !c.Moved).Take(Still)))
            table.Row(Human.Text(c.Column), Human.Number(c.Before), Human.Number(c.After), Human.Number(c.Psi), Human.Number(c.Distance),
                Human.PValue(c.PValue), c.Moved ? "[red]moved[/]" : "-");
        screen.Draw(table);
        screen.Line($"{(report.Drifted ? "[red]Drift[/]" : "[green]No drift[/]")}: {moved.Length} of {report.Columns.Count} columns moved "
            + $"({report.Rows:N0} rows against {report.BaselineRows:N0}).");
        if (report.Quality.Count > 0)
            screen.Line(
                $"On labelled rows: {string.Join(", ", report.Quality.Select(q => Human.Text($"{q.Key} {Human.Number(q.Value)}")))}");
    }
}
