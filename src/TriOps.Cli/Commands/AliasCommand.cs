using System.CommandLine;
using System.Globalization;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Models;
using TriOps.Core.Names;

namespace TriOps.Cli.Commands;

/// <summary>Points an alias at a model version.</summary>
internal static class AliasCommand
{
    private static readonly Argument<string> Version = new("model:version") { Description = "A model and its version's number." };
    private static readonly Argument<string> Alias = new("alias") { Description = "The name that shall point there." };

    public static Command Create(Shell shell) =>
        new Command("alias", "Point an alias at a model version. 'triops models' shows where they point.") { Version, Alias,
        GlobalOptions.Project }
        .With([.. Exit.OfHostCommands, Exit.Refused], "triops alias diagnosis:3 to-look-at")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        if (call.Get(Version).Split(':') is not [var model, var text]
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new CliException(Exit.Usage, "version-invalid",
                $"'{call.Get(Version)}' names no model version. Write model:number, as in diagnosis:3.");
        var version = new ModelVersionRef(await call.ProjectAsync(ct), Call.Name<ModelName>(model), number);
        await call.Api.SetAliasAsync(version, call.Get(Alias), ct);
        call.Screen.Line($"[bold]{Human.Text(call.Get(Alias))}[/] points at {version}.");
        call.Screen.Result(new { version.Project, version.Model, version.Number, alias = call.Get(Alias) });
        return Exit.Ok;
    }
}
