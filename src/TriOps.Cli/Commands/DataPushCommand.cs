using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Data;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;

namespace TriOps.Cli.Commands;

/// <summary>Applies the folder's triops.yaml and uploads a file.</summary>
internal static class DataPushCommand
{
    private static readonly Argument<string> File = new("file") { Description = "The file to upload." };
    private static readonly Option<string?> Dataset =
        new("--dataset") { Description = "The dataset. Default: the project's only one.", HelpName = "NAME" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Follow what the upload starts to its end." };

    public static Command Create(Shell shell) =>
        new Command("push", "Upload a file: it becomes a dataset version and starts the pipelines that listen.") { File,
        GlobalOptions.Project, Dataset, Wait }
        .With([.. Exit.OfHostCommands, Exit.Refused], "triops data push tumours.csv --wait",
        "triops data push new.csv --project clinic --dataset tumours --json")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var path = Path.GetFullPath(call.Get(File), call.Shell.Directory);
        if (!System.IO.File.Exists(path)) throw new CliException(Exit.Usage, "file-missing", $"There is no file {path}.");
        var name = await call.ProjectAsync(ct);
        var project = await ApplyAsync(call, name, ct);
        var dataset = DatasetOf(project, call.Get(Dataset));
        var pushed = await new DatasetPush(call.Api, call.Screen).PushAsync(name, dataset, path, ct);
        call.Screen.Line($"{Human.Text(pushed.File)} ({Human.Bytes(pushed.Bytes)}) is in inbox/{name}/{dataset}/.");
        if (!call.Get(Wait))
        {
            call.Screen.Line("Follow it with: triops status --watch");
            call.Screen.Result(new { project = name, dataset, pushed.File, pushed.Bytes, pushed.ETag });
            return Exit.Ok;
        }
        var id = await new IngestFinder(call.Api, call.Shell.Time).WaitAsync(name, dataset, pushed.File, pushed.ETag, ct);
        var node = await new WorkflowFollower(call.Api, call.Screen, call.Shell.Time).FollowAsync(id, ct);
        var result = node.Output<IngestResult>();
        call.Screen.Result(new { project = name, dataset, pushed.File, pushed.Bytes, pushed.ETag, workflowId = id, result });
        return result is null ? Exit.Ok : IngestReport.Show(call.Screen, result);
    }

    /// <summary>Applies triops.yaml when it is here and is this project's; else the project must be known.</summary>
    private static async Task<Project> ApplyAsync(Call call, ProjectName name, CancellationToken ct) =>
        call.ProjectYaml() is { } yaml && ProjectFileParser.Parse(yaml).Project == name
            ? await call.Api.ApplyProjectAsync(name, yaml, ct)
            : await call.Api.ProjectAsync(name, ct);

    private static DatasetName DatasetOf(Project project, string? option)
    {
        if (option is { Length: > 0 }) return Call.Name<DatasetName>(option);
        if (project.File.Datasets.Count == 1) return project.File.Datasets.Keys.Single();
        throw new CliException(Exit.Usage, "which-dataset",
            $"Project {project.Name} has {project.File.Datasets.Count} datasets ({string.Join(", ", project.File.Datasets.Keys)}). Say "
            + $"which with --dataset.");
    }
}
