using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Names;

namespace TriOps.Cli.Commands;

/// <summary>Looks whether the blobs of a dataset's versions are there.</summary>
internal static class DataCheckCommand
{
    private static readonly Argument<string> Dataset = new("dataset") { Description = "The dataset: {dataset}, or {project}/{dataset}." };
    private static readonly Option<bool> Read =
        new("--read") { Description = "Read the head's files, too, and hold them against their hashes." };

    public static Command Create(Shell shell) =>
        new Command("check", "Find versions whose blobs are missing or changed.") { Dataset, GlobalOptions.Project, Read }
        .With([.. Exit.OfHostCommands, Exit.Refused], "triops data check tumours", "triops data check clinic/tumours --read")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var (project, dataset) = await NameAsync(call, call.Get(Dataset), ct);
        var report = await call.Api.CheckDatasetAsync(project, dataset, call.Get(Read), ct);
        call.Screen.Result(report);
        foreach (var fault in report.Faults)
            call.Screen.Line(
                $"[red]{project}/{dataset}:{fault.Version}[/]{(fault.IsHead ? ", the head" : "")}: {Human.Text(fault.Message)}");
        if (report.Faults.Count == 0)
        {
            call.Screen.Line($"{report.Versions} versions of {project}/{dataset}: all their blobs are there.");
            return Exit.Ok;
        }
        if (report.Faults.FirstOrDefault(f => f.IsHead) is { } head)
            call.Screen.Line($"Uploads are quarantined until that is restored. Or go on from the version before: triops data withdraw "
                + $"{project}/{dataset}:{head.Version} --reason \"...\"");
        return Exit.Refused;
    }

    /// <summary>{project}/{dataset}, or the dataset of the project of this folder.</summary>
    internal static async Task<(ProjectName Project, DatasetName Dataset)> NameAsync(Call call, string text, CancellationToken ct) =>
        text.Split('/', 2) is [var project, var dataset]
        ? (Call.Name<ProjectName>(project), Call.Name<DatasetName>(dataset))
        : (await call.ProjectAsync(ct), Call.Name<DatasetName>(text));
}
