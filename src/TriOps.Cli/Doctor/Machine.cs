using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TriOps.Cli.Doctor;

/// <summary>What doctor asks of the machine.</summary>
internal interface IMachine
{
    /// <summary>The first line a program prints for its version; null when it is not on PATH or fails.</summary>
    Task<string?> VersionAsync(string program, string argument, CancellationToken ct);

    /// <summary>Memory in bytes that this process may use.</summary>
    long Memory { get; }

    /// <summary>Bytes free where <paramref name="path"/> is or will be.</summary>
    long DiskFree(string path);

    /// <summary>Whether a native library loads.</summary>
    bool Loads(string library);

    /// <summary>Whether a port of 127.0.0.1 can be listened on.</summary>
    bool CanListen();

    /// <summary>The folders of installed Azurites.</summary>
    IReadOnlyList<string> AzuriteInstalls();
}

/// <summary>This machine.</summary>
internal sealed class Machine : IMachine
{
    public async Task<string?> VersionAsync(string program, string argument, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var line = await process.StandardOutput.ReadLineAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? line?.Trim() : null;
        }
        catch (Win32Exception) { return null; }
    }

    public long Memory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public long DiskFree(string path)
    {
        var folder = new DirectoryInfo(path);
        while (!folder.Exists && folder.Parent is { } parent) folder = parent;
        return new DriveInfo(folder.FullName).AvailableFreeSpace;
    }

    public bool Loads(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }

    public bool CanListen()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return true;
        }
        catch (SocketException) { return false; }
    }

    public IReadOnlyList<string> AzuriteInstalls()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache) ? cache
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(root, "triops", "azurite");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder).Where(d => !d.EndsWith(".part", StringComparison.Ordinal))] : [];
    }
}
