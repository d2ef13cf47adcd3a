using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Steps;

namespace TriOps.Cli.Commands;

/// <summary>Takes a file out of a dataset.</summary>
internal static class DataRemoveCommand
{
    private static readonly Argument<string> File = new("file") { Description = "The file's name in the dataset." };
    private static readonly Option<string> Dataset =
        new("--dataset") { Description = "The dataset: {dataset}, or {project}/{dataset}.", Required = true, HelpName = "NAME" };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why; kept in the audit log.", HelpName = "TEXT" };

    public static Command Create(Shell shell) =>
        new Command("remove", "Take a file out of a dataset: makes a version without it, and starts the pipelines that listen.") { File,
        GlobalOptions.Project, Dataset, Reason }
        .With([.. Exit.OfHostCommands, Exit.Refused], "triops data remove may.csv --dataset tumours")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var (project, dataset) = await DataCheckCommand.NameAsync(call, call.Get(Dataset)!, ct);
        var accepted = await call.Api.RemoveFileAsync(project, dataset, call.Get(File), call.Get(Reason), ct);
        var node = await new WorkflowFollower(call.Api, call.Screen, call.Shell.Time).FollowAsync(accepted.WorkflowId, ct);
        var result = node.Output<IngestResult>();
        call.Screen.Result(new { accepted.WorkflowId, result });
        return result is null ? Exit.Ok : IngestReport.Show(call.Screen, result);
    }
}
