using System.CommandLine;
using System.CommandLine.Invocation;
using TriOps.Cli.Commands;
using TriOps.Cli.Output;

namespace TriOps.Cli.CommandLine;

/// <summary>The command tree.</summary>
internal static class Triops
{
    /// <summary>Time a command has to stop its host after Ctrl-C.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="Exit"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Shell shell, CancellationToken ct = default)
    {
        var parsed = Build(shell).Parse(args);
        if (parsed is { Errors.Count: > 0, Action: ParseErrorAction } && args.Length > 0) return Refuse(parsed, shell);
        var invocation = new InvocationConfiguration { Output = shell.Out, Error = shell.Error, EnableDefaultExceptionHandler = true,
            ProcessTerminationTimeout = StopTime };
        var code = await parsed.InvokeAsync(invocation, ct);
        return parsed.Action is ParseErrorAction ? Exit.Usage : code;
    }

    /// <summary>Says what is wrong with the command line, and where its help is; the whole help would bury it.</summary>
    private static int Refuse(ParseResult parsed, Shell shell)
    {
        // A word that is no command leaves its command missing, too: one of the two is enough.
        var errors = parsed.UnmatchedTokens.Count > 0 && parsed.Errors.Count > parsed.UnmatchedTokens.Count
            ? parsed.Errors.TakeLast(parsed.UnmatchedTokens.Count) : parsed.Errors;
        var message = string.Join(' ', errors.Select(e => e.Message.TrimEnd('.') + "."));
        new Screen(shell, parsed.GetValue(GlobalOptions.Json))
            .Failure(
            new CliException(Exit.Usage, "usage", $"{message} '{PathOf(parsed.CommandResult.Command)} --help' says how it is called."));
        return Exit.Usage;
    }

    private static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } above
        ? $"{PathOf(above)} {command.Name}" : "triops";

    /// <summary>All commands, in the order people meet them.</summary>
    public static RootCommand Build(Shell shell)
    {
        var root = new RootCommand("TriOps: from an uploaded file to a served, watched model.")
        {
            DemoCommand.Create(shell), UpCommand.Create(shell), InitCommand.Create(shell), ApplyCommand.Create(shell),
                DataCommand.Create(shell), PipelineCommand.Create(shell),
            RunsCommand.Create(shell), ModelsCommand.Create(shell), LineageCommand.Create(shell), GateCommand.Create(shell),
            AliasCommand.Create(shell), DeployCommand.Create(shell),
            ApproveCommand.Create(shell), RejectCommand.Create(shell), RollbackCommand.Create(shell), PredictCommand.Create(shell),
            DriftCommand.Create(shell), AlertsCommand.Create(shell),
            StatusCommand.Create(shell), CancelCommand.Create(shell), DoctorCommand.Create(shell), CompletionCommand.Create(shell),
            GlobalOptions.Url, GlobalOptions.State, GlobalOptions.Json,
        };
        Documented.Install(root);
        return root.With(
            [Exit.Ok, Exit.Error, Exit.Usage, Exit.Unreachable, Exit.NotFound, Exit.Refused, Exit.NotAllowed, Exit.Interrupted],
            "triops demo", "triops up", "triops data push tumours.csv --wait");
    }
}
