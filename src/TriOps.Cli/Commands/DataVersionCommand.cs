using System.CommandLine;
using System.Globalization;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;

namespace TriOps.Cli.Commands;

/// <summary>data withdraw, data delete: what is done to one version, with a reason for the audit log.</summary>
internal static class DataVersionCommand
{
    private static readonly Argument<string> Version =
        new("version") { Description = "The version: {dataset}:{number}, or {project}/{dataset}:{number}." };
    private static readonly Option<string> Reason =
        new("--reason") { Description = "Why; kept in the audit log.", Required = true, HelpName = "TEXT" };

    public static Command Withdraw(Shell shell) =>
        new Command("withdraw", "Take a committed version out of use: uploads go on from the one before.") { Version,
        GlobalOptions.Project, Reason }
        .With(Exit.OfHostCommands, "triops data withdraw tumours:5 --reason \"its packs are lost\"")
        .Does(shell, (call, ct) => RunAsync(call, "withdraw", "is withdrawn", ct));

    public static Command Delete(Shell shell) =>
        new Command("delete", "Delete a version that no run refers to.") { Version, GlobalOptions.Project, Reason }
        .With(Exit.OfHostCommands, "triops data delete tumours:5 --reason \"uploaded by mistake\"")
        .Does(shell, (call, ct) => RunAsync(call, "delete", "is deleted", ct));

    private static async Task<int> RunAsync(Call call, string action, string done, CancellationToken ct)
    {
        var text = call.Get(Version);
        if (text.Split(':', 2) is not [var name, var digits]
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new CliException(Exit.Usage, "version-invalid",
                $"'{text}' names no version. Write {{dataset}}:{{number}}; 'triops data log' lists them.");
        var (project, dataset) = await DataCheckCommand.NameAsync(call, name, ct);
        var version = await call.Api.ChangeVersionAsync(project, dataset, number, action, call.Get(Reason)!, ct);
        call.Screen.Result(version);
        call.Screen.Line($"Version [bold]{Human.Text(version.Ref.ToString())}[/] {done}.");
        return Exit.Ok;
    }
}
