namespace TriOps.Cli.CommandLine;

/// <summary>Exit codes: the same number means the same in every command.</summary>
internal static class Exit
{
    /// <summary>Done.</summary>
    public const int Ok = 0;
    /// <summary>Something failed; the message says what.</summary>
    public const int Error = 1;
    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
    /// <summary>No host answers.</summary>
    public const int Unreachable = 3;
    /// <summary>What was named does not exist.</summary>
    public const int NotFound = 10;
    /// <summary>Refused by quality rules, the gate or a deployment's health.</summary>
    public const int Refused = 11;
    /// <summary>The host does not accept the API key, or none was given.</summary>
    public const int NotAllowed = 12;
    /// <summary>Stopped with Ctrl-C.</summary>
    public const int Interrupted = 130;

    private static readonly Dictionary<int, string> Meanings = new()
    {
        [Ok] = "done", [Error] = "error", [Usage] = "usage", [Unreachable] = "host not reachable", [NotFound] = "not found",
        [Refused] = "refused by rules or gate", [NotAllowed] = "not allowed", [Interrupted] = "interrupted",
    };

    /// <summary>The codes of a command that talks to a host.</summary>
    public static int[] OfHostCommands { get; } = [Ok, Error, Usage, Unreachable, NotFound, NotAllowed];

    /// <summary>"Exit 0 done · 1 error · …", for the end of a help text.</summary>
    public static string Describe(IEnumerable<int> codes) =>
        "Exit " + string.Join(" · ", codes.Order().Distinct().Select(c => $"{c} {Meanings[c]}"));
}
