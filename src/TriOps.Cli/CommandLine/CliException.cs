namespace TriOps.Cli.CommandLine;

/// <summary>Ends a command with a message and an exit code.</summary>
/// <param name="exit">One of <see cref="Exit"/>.</param>
/// <param name="code">Stable, kebab-case, for programs.</param>
/// <param name="message">What happened, why, and the next move.</param>
/// <param name="details">More lines for people: a log's tail, a list of reasons.</param>
internal sealed class CliException(int exit, string code, string message, IReadOnlyList<string>? details = null) : Exception(message)
{
    public int ExitCode { get; } = exit;

    public string Code { get; } = code;

    public IReadOnlyList<string> Details { get; } = details ?? [];
}
