using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Host;

/// <summary>Finds the local host's program.</summary>
internal static class HostProgram
{
    private const string Dll = "TriOps.LocalHost.dll";

    /// <summary>The program, built beside the command line in artifacts/bin, or published into the same folder.</summary>
    /// <param name="folder">The command line's own folder.</param>
    /// <exception cref="CliException">It is in neither place.</exception>
    public static string Find(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var built = Path.GetFullPath(Path.Combine(full, "..", "..", "TriOps.LocalHost", Path.GetFileName(full), Dll));
        foreach (var candidate in (string[])[Path.Combine(full, Dll), built])
            if (File.Exists(candidate)) return candidate;
        throw new CliException(Exit.Error, "host-missing",
            $"The local host ({Dll}) is neither in {full} nor at {built}. Build it: dotnet build src/TriOps.Cli");
    }

    /// <summary>The dotnet that runs it: the one that runs us, else the one on PATH.</summary>
    public static string Dotnet() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path
        && File.Exists(path) ? path
        : Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet";
}
