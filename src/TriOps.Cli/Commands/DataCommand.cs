using System.CommandLine;
using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Commands;

/// <summary>data push, data log.</summary>
internal static class DataCommand
{
    public static Command Create(Shell shell) => new Command("data", "Upload files and look at dataset versions.")
    {
        DataPushCommand.Create(shell), DataLogCommand.Create(shell),
    }.With(Exit.OfHostCommands, "triops data push tumours.csv --wait");
}
