using System.Diagnostics;
using TriOps.Testing;

namespace TriOps.EndToEnd.Tests;

/// <summary>A file system of 256 MiB in memory, mounted on a folder of its own. Only root of a Linux machine may mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public static bool IsPossible => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    public string Folder { get; }

    private string Filler => Path.Combine(Folder, "filler");

    public static async Task<SmallDisk> MountAsync()
    {
        var folder = TempFolders.Create("disk");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", folder);
        return new(folder);
    }

    /// <summary>Takes all but <paramref name="left"/> bytes.</summary>
    public void Fill(long left)
    {
        var length = new DriveInfo(Folder).AvailableFreeSpace - left;
        using var file = File.OpenHandle(Filler, FileMode.CreateNew, FileAccess.Write, preallocationSize: length);
        RandomAccess.SetLength(file, length);
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
    }
}
