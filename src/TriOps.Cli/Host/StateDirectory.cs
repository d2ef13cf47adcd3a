using System.Diagnostics;
using System.Text.Json;
using TriOps.Cli.CommandLine;
using TriOps.Core;

namespace TriOps.Cli.Host;

/// <summary>What the local host writes when it listens: {state}/host.json.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="Pid">Its process.</param>
internal sealed record HostFile(Uri Url, int Pid);

/// <summary>The directory of a local host. A marker file tells a directory that triops made from any other.</summary>
internal sealed class StateDirectory(string path)
{
    private const string Marker = ".triops-state";

    /// <summary>Absolute.</summary>
    public string Path { get; } = path;

    /// <summary>What the host's process prints.</summary>
    public string Log => File("host-output.log");

    /// <summary>A file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the directory, marked as ours, unless it is there.</summary>
    public void Create()
    {
        if (Directory.Exists(Path)) return;
        Directory.CreateDirectory(Path);
        System.IO.File.WriteAllText(File(Marker), "State of a local TriOps host. 'triops demo --fresh' deletes this directory.\n");
    }

    /// <summary>The host that runs here, or null. The file of a host that has died counts for nothing.</summary>
    public HostFile? ReadHost()
    {
        try
        {
            var host = JsonSerializer.Deserialize<HostFile>(System.IO.File.ReadAllBytes(File("host.json")), TriOpsJson.Options);
            return host is { Url: not null } && IsAlive(host.Pid) ? host : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException) { return null; }
    }

    /// <summary>Deletes the directory and all in it, if it is one that <see cref="Create"/> made and nobody uses it.</summary>
    /// <exception cref="CliException">It was not made by triops, or a host runs on it.</exception>
    public void DeleteIfOurs()
    {
        if (!Directory.Exists(Path)) return;
        if (!System.IO.File.Exists(File(Marker)))
            throw new CliException(Exit.Usage, "state-not-ours",
                $"{Path} was not made by triops (it has no {Marker}), so it is not deleted. Choose another directory with --state, or "
                + $"delete it yourself.");
        if (ReadHost() is { } host)
            throw new CliException(Exit.Error, "state-in-use",
                $"A host (process {host.Pid}, {host.Url}) runs on {Path}. Stop it with Ctrl-C where it was started, then try again.");
        Directory.Delete(Path, recursive: true);
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException) { return false; }
    }
}
