using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Core.Projects;

namespace TriOps.Cli.Commands;

/// <summary>Applies a project file.</summary>
internal static class ApplyCommand
{
    private static readonly Argument<string> Source =
        new("file") { Description = "The project file.", DefaultValueFactory = _ => "triops.yaml" };

    public static Command Create(Shell shell) =>
        new Command("apply", "Create or change a project from its file. The same file again changes nothing.") { Source }
        .With([Exit.Ok, Exit.Error, Exit.Usage, Exit.Unreachable, Exit.NotAllowed], "triops apply",
        "triops apply clinic/triops.yaml --json")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var path = Path.GetFullPath(call.Get(Source), call.Shell.Directory);
        if (!File.Exists(path)) throw new CliException(Exit.Usage, "file-missing", $"There is no file {path}. 'triops init' writes one.");
        var yaml = await File.ReadAllTextAsync(path, ct);
        var project = await call.Api.ApplyProjectAsync(ProjectFileParser.Parse(yaml).Project, yaml, ct);
        call.Screen.Line($"Project [bold]{project.Name}[/] is applied, revision {project.Revision}.");
        call.Screen.Result(new { project = project.Name, project.Revision });
        return Exit.Ok;
    }
}
