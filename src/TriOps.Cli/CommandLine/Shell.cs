namespace TriOps.Cli.CommandLine;

/// <summary>Everything the command line takes from its surroundings, so that tests bring their own.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Variable">Environment variables.</param>
/// <param name="Directory">The current directory.</param>
/// <param name="Interactive">Whether a person looks at a terminal that understands escape codes.</param>
/// <param name="Time">The clock.</param>
internal sealed record Shell(TextWriter Out, TextWriter Error, Func<string, string?> Variable, string Directory, bool Interactive,
    TimeProvider Time)
{
    /// <summary>The process's own.</summary>
    public static Shell OfProcess() => new(Console.Out, Console.Error, Environment.GetEnvironmentVariable, Environment.CurrentDirectory,
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && Environment.GetEnvironmentVariable("CI") is null or "", TimeProvider.System);
}
