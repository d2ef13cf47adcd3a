using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Host;
using TriOps.Cli.Output;

namespace TriOps.Cli.Doctor;

/// <summary>Looks at everything a local host needs, and says what to do about what is wrong.</summary>
internal sealed class Examination(IMachine machine, StateDirectory state, Func<Uri> address)
{
    private const long GiB = 1L << 30;

    /// <summary>libtorch, Azurite and a working copy of the state.</summary>
    private const long DiskNeeded = 5 * GiB;

    private const long MemoryNeeded = 4 * GiB;
    private const int DotnetMajor = 10;
    private const int NodeMajor = 20;

    /// <summary>All findings, in the order they matter.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken ct) =>
    [
        Tool(".NET SDK", await machine.VersionAsync(HostProgram.Dotnet(), "--version", ct), DotnetMajor,
            "Install the .NET 10 SDK: https://dot.net/download"),
        Tool("Node.js", await machine.VersionAsync("node", "--version", ct), NodeMajor,
        "Install Node.js 20 or newer: https://nodejs.org (Azurite, the storage emulator, runs on it)"),
        Tool("npm", await machine.VersionAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "--version", ct), 0,
        "Install npm; it comes with Node.js"),
        Memory(), Disk(), Ports(), OpenMp(), Azurite(), await HostAsync(ct),
    ];

    private static Finding Tool(string name, string? version, int major, string todo)
    {
        if (version is null) return new(name, Health.Failed, "not found on PATH", todo);
        var enough = int.TryParse(version.TrimStart('v').Split('.')[0], out var found) && found >= major;
        return enough ? new(name, Health.Ok, version) : new(name, Health.Failed, $"{version}; {major} or newer is needed", todo);
    }

    private Finding Memory() => machine.Memory >= MemoryNeeded ? new("memory", Health.Ok, Human.Bytes(machine.Memory))
        : new("memory", Health.Warning, $"{Human.Bytes(machine.Memory)}; training wants {Human.Bytes(MemoryNeeded)}",
        "Lower search.parallel in triops.yaml to 1");

    private Finding Disk()
    {
        var free = machine.DiskFree(state.Path);
        return free >= DiskNeeded ? new("disk", Health.Ok, $"{Human.Bytes(free)} free at {state.Path}")
            : new("disk", free < GiB ? Health.Failed
            : Health.Warning, $"{Human.Bytes(free)} free at {state.Path}; {Human.Bytes(DiskNeeded)} is wanted",
            "Free some, or choose another place with --state");
    }

    private Finding Ports() => machine.CanListen() ? new("ports", Health.Ok, "127.0.0.1 can be listened on")
        : new("ports", Health.Failed, "no port of 127.0.0.1 can be listened on", "Allow this process to listen on the loopback interface");

    private Finding OpenMp() => !OperatingSystem.IsLinux() ? new("OpenMP", Health.Ok, "comes with the packages here")
        : machine.Loads("libgomp.so.1") ? new("OpenMP", Health.Ok, "libgomp.so.1 loads")
        : new("OpenMP", Health.Failed, "libgomp.so.1 is missing; LightGBM and libtorch need it",
        "apt-get install libgomp1 (Debian, Ubuntu) or dnf install libgomp (Fedora, RHEL)");

    private Finding Azurite() => machine.AzuriteInstalls() is [var install, ..] ? new("Azurite", Health.Ok, install)
        : new("Azurite", Health.Warning, "not installed yet", "Nothing to do: the first 'triops up' installs it through npm (about 20 s)");

    private async Task<Finding> HostAsync(CancellationToken ct)
    {
        Uri url;
        try { url = address(); }
        catch (CliException e) when (e.ExitCode == Exit.Unreachable)
        {
            return new("host", Health.Warning, "none is running", "Start one: triops up");
        }
        using var api = new ApiClient(url, null);
        return await api.IsReadyAsync(ct) ? new("host", Health.Ok, $"{url} is ready")
            : new("host", Health.Failed, $"{url} does not answer, or is not ready", $"Look at {state.Log}, or start it again: triops up");
    }
}
