using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Cli.Commands;

/// <summary>Writes a commented triops.yaml.</summary>
internal static class InitCommand
{
    public static Command Create(Shell shell) =>
        new Command("init", "Write a commented triops.yaml here, ready to edit.") { GlobalOptions.Project }
        .With([Exit.Ok, Exit.Error, Exit.Usage], "triops init --project fraud")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var name = Call.Name<ProjectName>(call.Get(GlobalOptions.Project) ?? FromFolder(call.Shell.Directory));
        var path = Path.Combine(call.Shell.Directory, "triops.yaml");
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(ProjectTemplate.Commented(name)), ct);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new CliException(Exit.Error, "project-file-exists",
                $"{path} exists and is not overwritten. Edit it, or remove it first.");
        }
        call.Screen.Line(
            $"Wrote {Human.Text(path)} for project [bold]{name}[/]. Next: edit it, then triops up, then triops data push FILE.csv");
        call.Screen.Result(new { path, project = name });
        return Exit.Ok;
    }

    /// <summary>The folder's name, made a valid one.</summary>
    private static string FromFolder(string folder)
    {
        var text = string.Concat(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)).ToLowerInvariant()
            .Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return text.Length == 0 ? "project" : text[..Math.Min(text.Length, NameRule.MaxLength)].TrimEnd('-');
    }
}
