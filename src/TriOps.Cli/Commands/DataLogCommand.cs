using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Datasets;
using TriOps.Core.Names;

namespace TriOps.Cli.Commands;

/// <summary>Lists a dataset's versions.</summary>
internal static class DataLogCommand
{
    private static readonly Argument<string> Dataset = new("dataset") { Description = "The dataset." };

    public static Command Create(Shell shell) =>
        new Command("log", "List a dataset's versions, newest first, with their parents and why any is quarantined.") { Dataset,
        GlobalOptions.Project }
        .With(Exit.OfHostCommands, "triops data log tumours")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var project = await call.ProjectAsync(ct);
        var dataset = Call.Name<DatasetName>(call.Get(Dataset));
        var versions = await call.Api.DatasetVersionsAsync(project, dataset, ct);
        if (versions.Count == 0 && (await call.Api.ProjectAsync(project, ct)).File.Datasets is { } known && !known.ContainsKey(dataset))
            throw new CliException(Exit.NotFound, "dataset-missing",
                $"Project {project} has no dataset '{dataset}'; it has: {string.Join(", ", known.Keys)}. Add it to triops.yaml, or name "
                + $"one of these.");
        call.Screen.Result(new { items = versions });
        var table = new Sheet("version", "parent", "file", "rows", "columns", "size", "added", "committed", "status")
            .Numbers("version", "parent", "rows", "columns", "size", "added").Texts("file")
            .Optional("added", "columns", "parent", "size");
        foreach (var v in versions)
            table.Row($"{v.Number}", v.Parent is null ? "-"
                : $"{v.Parent}", Human.Text(v.Others.Count == 0 ? v.Source.File : $"{v.Source.File} and {v.Others.Count} more"),
                $"{v.Rows:N0}", $"{v.Columns.Count}", Human.Bytes(v.Bytes), Human.Bytes(v.AddedBytes),
                Human.Time(v.CreatedAt), Word(v.Status));
        if (versions.Count == 0) call.Screen.Line("No version yet. Upload a file: triops data push FILE.csv");
        else call.Screen.Draw(table);
        foreach (var v in versions.Where(v => v.Status == VersionStatus.Quarantined))
            foreach (var issue in v.Issues) call.Screen.Line($"  {v.Number}: {Human.Text($"{issue.Rule}: {issue.Message}")}");
        return Exit.Ok;
    }

    private static string Word(VersionStatus status) => status == VersionStatus.Quarantined ? "[red]quarantined[/]" : status.ToString()
        .ToLowerInvariant();
}
