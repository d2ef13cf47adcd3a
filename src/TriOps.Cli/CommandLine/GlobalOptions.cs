using System.CommandLine;

namespace TriOps.Cli.CommandLine;

/// <summary>Options every command takes.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Url { get; } =
        new("--url") { Description = "The host's address. Default: TRIOPS_URL, else the host that 'triops up' started here.",
        HelpName = "URL", Recursive = true };

    public static Option<string> State { get; } = new("--state") { Description = "Where the local host keeps its state.", HelpName = "DIR",
        DefaultValueFactory = _ => ".triops", Recursive = true };

    public static Option<bool> Json { get; } =
        new("--json") { Description = "Machine output on stdout; everything else on stderr.", Recursive = true };

    public static Option<string?> Project { get; } =
        new("--project") { Description = "The project. Default: the one triops.yaml names, else the only one there is.",
        HelpName = "NAME" };
}
