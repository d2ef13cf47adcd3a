using TriOps.Cli.CommandLine;
using TriOps.Core.Datasets;
using TriOps.Core.Steps;

namespace TriOps.Cli.Output;

/// <summary>Tells what came of an upload.</summary>
internal static class IngestReport
{
    /// <summary>Prints it.</summary>
    /// <returns>0; 11 when the version was quarantined or a gate refused; 1 when a run failed.</returns>
    public static int Show(Screen screen, IngestResult result)
    {
        if (result.Status == VersionStatus.Quarantined)
        {
            screen.Line($"[red]Version {result.Version} is quarantined:[/]");
            foreach (var issue in result.Issues) screen.Line($"  {Human.Text($"{issue.Rule}: {issue.Message}")}");
            return Exit.Refused;
        }
        screen.Line(result.By is null ? $"Version [bold]{result.Version}[/] is committed."
            : $"Version [bold]{result.Version}[/] holds it; {Human.Text(result.By)} made that, and trains on it.");
        return result.Trained.Select(t => RunReport.Show(screen, t)).DefaultIfEmpty(Exit.Ok).Max();
    }
}
