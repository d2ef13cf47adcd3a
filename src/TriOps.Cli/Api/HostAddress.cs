using TriOps.Cli.CommandLine;
using TriOps.Cli.Host;

namespace TriOps.Cli.Api;

/// <summary>Finds the host to talk to.</summary>
internal static class HostAddress
{
    /// <summary>--url, else TRIOPS_URL, else what the local host wrote into the state directory.</summary>
    /// <exception cref="CliException">None of them (exit 3), or no http(s) address (exit 2).</exception>
    public static Uri Find(string? option, Shell shell, StateDirectory state)
    {
        if (option is { Length: > 0 }) return Parse(option, "--url");
        if (shell.Variable("TRIOPS_URL") is { Length: > 0 } variable) return Parse(variable, "TRIOPS_URL");
        if (state.ReadHost() is { } host) return host.Url;
        throw new CliException(Exit.Unreachable, "no-host",
            $"No host runs on {state.Path}. Start one with 'triops up', or name one with --url or TRIOPS_URL.");
    }

    private static Uri Parse(string text, string source) => Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url)
        && url.Scheme is ("http" or "https")
        ? url
        : throw new CliException(Exit.Usage, "url-invalid",
        $"{source} is '{text}', which is no http or https address. Example: http://127.0.0.1:7071");
}
