using System.CommandLine;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Host;
using TriOps.Cli.Output;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Settings;

namespace TriOps.Cli.Commands;

/// <summary>Starts the local host and stays with it.</summary>
internal static class UpCommand
{
    private static readonly Option<int> Port =
        new Option<int>("--port") { Description = "The API's port; 0 takes a free one.", HelpName = "PORT",
        DefaultValueFactory = _ => 0 }.Within(0, 65535);

    public static Command Create(Shell shell) =>
        new Command("up",
        "Start the local host: storage, triggers, workflows and the API. A triops.yaml here is applied. Ctrl-C stops all of it.") { Port }
        .With([Exit.Ok, Exit.Error, Exit.Usage, Exit.Interrupted], "triops up --port 7071")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var program = new[] { HostProgram.Dotnet(), HostProgram.Find(AppContext.BaseDirectory) };
        await using var host =
            await call.Screen.StatusAsync("starting the local host",
            now => HostProcess.StartAsync(call.State, call.Get(Port), program, now, call.Screen.HostTrouble, ct));
        var project = await ApplyAsync(call, host, ct);
        call.Screen.Result(new { url = host.Url, state = call.State.Path, started = host.IsOwn, project });
        if (!host.IsOwn)
        {
            call.Screen.Line($"A host runs on {Human.Text(call.State.Path)} already: [link]{Human.Text(host.Url)}[/]");
            return Exit.Ok;
        }
        call.Screen.Line($"TriOps is up: [bold]{Human.Text(host.Url)}[/]  (state in {Human.Text(call.State.Path)}; Ctrl-C stops it)");
        return await HostWatch.StayAsync(host, call.State, ct);
    }

    /// <summary>Applies triops.yaml when there is one here.</summary>
    private static async Task<ProjectName?> ApplyAsync(Call call, HostProcess host, CancellationToken ct)
    {
        if (call.ProjectYaml() is not { } yaml) return null;
        using var api = new ApiClient(host.Url, call.Shell.Variable(SettingNames.ApiKey));
        var project = await api.ApplyProjectAsync(ProjectFileParser.Parse(yaml).Project, yaml, ct);
        call.Screen.Line($"Project [bold]{project.Name}[/] is applied, revision {project.Revision}.");
        return project.Name;
    }
}
