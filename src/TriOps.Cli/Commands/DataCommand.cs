using System.CommandLine;
using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Commands;

/// <summary>data push, data log, data check, data withdraw, data delete, data remove.</summary>
internal static class DataCommand
{
    public static Command Create(Shell shell) => new Command("data", "Upload files and look at dataset versions.")
    {
        DataPushCommand.Create(shell), DataLogCommand.Create(shell), DataCheckCommand.Create(shell), DataVersionCommand.Withdraw(shell),
            DataVersionCommand.Delete(shell), DataRemoveCommand.Create(shell),
    }.With(Exit.OfHostCommands, "triops data push tumours.csv --wait");
}
