using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Experiments;

namespace TriOps.Cli.Commands;

/// <summary>Lists runs.</summary>
internal static class RunsCommand
{
    public static Command Create(Shell shell) => new Command("runs", "List a project's runs, newest first.") { GlobalOptions.Project }
        .With(Exit.OfHostCommands, "triops runs --project clinic")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var project = await call.ProjectAsync(ct);
        var runs = await call.Api.RunsAsync(project, ct);
        if (runs.Count == 0) _ = await call.Api.ProjectAsync(project, ct); // is there none at all, or no such project?
        call.Screen.Result(new { items = runs });
        var table = new Sheet("run", "pipeline", "data", "reason", "status", "model", "started", "took", "device", "cost")
            .Numbers("took", "device", "cost").Optional("cost", "device", "pipeline", "data", "model", "took", "reason");
        foreach (var r in runs)
            table.Row(Human.Text(r.Id), $"{r.Pipeline}", $"{r.Data.Dataset}:{r.Data.Number}", r.Reason.ToString()
                .ToLowerInvariant(), Status(r.Status), r.ModelVersion is null ? "-" : $"v{r.ModelVersion}",
                Human.Time(r.CreatedAt), r.EndedAt is { } end ? Human.Duration(end - r.CreatedAt)
                : "-", Human.Duration(TimeSpan.FromSeconds(r.DeviceSeconds)),
                Human.Text(r.Cost?.ToString() ?? "-"));
        if (runs.Count == 0) call.Screen.Line("No run yet. One starts with every upload; or: triops pipeline run NAME");
        else call.Screen.Draw(table);
        foreach (var r in runs.Where(r => r.Error is not null)) call.Screen.Line($"  {Human.Text($"{r.Id}: {r.Error}")}");
        return Exit.Ok;
    }

    private static string Status(RunStatus status) => status switch
    {
        RunStatus.Failed => "[red]failed[/]",
        RunStatus.Completed => "[green]completed[/]",
        _ => status.ToString().ToLowerInvariant(),
    };
}
