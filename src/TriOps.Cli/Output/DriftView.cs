using Spectre.Console;
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
        var table = screen.NewTable("column", "before", "after", "PSI", "distance", "p", "moved");
        foreach (var c in moved.Concat(report.Columns.Where(c => !c.Moved).Take(Still)))
            table.AddRow(Human.Text(c.Column), Human.Number(c.Before), Human.Number(c.After), Human.Number(c.Psi), Human.Number(c.Distance), Human.Number(c.PValue), c.Moved ? "[red]moved[/]" : "-");
        screen.Draw(table);
        screen.Line($"{(report.Drifted ? "[red]Drift[/]" : "[green]No drift[/]")}: {moved.Length} of {report.Columns.Count} columns moved ({report.Rows:N0} rows against {report.BaselineRows:N0}).");
        foreach (var (name, value) in report.Quality) screen.Line($"  on labelled rows: {Human.Text(name)} {Human.Number(value)}");
    }
}
