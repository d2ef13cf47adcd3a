using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TriOps.Training.Native;

/// <summary>Native libraries beside the program, and changed copies of them in the user's cache.</summary>
internal static class NativeFiles
{
    /// <summary>Files that match a pattern, in the program's folder or its runtimes/{rid}/native.</summary>
    public static IEnumerable<string> Find(string pattern)
    {
        var runtime = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        var portable =
            Path.Combine(AppContext.BaseDirectory, "runtimes",
            $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "native");
        return new[] { AppContext.BaseDirectory, runtime, portable }.Distinct().Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern));
    }

    /// <summary>A file of these bytes under a folder named by their hash; made once, by writing aside and renaming, for this user
    /// alone.</summary>
    public static string Cache(string name, byte[] bytes)
    {
        var folder = Path.Combine(Root(), Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        var path = Path.Combine(folder, name);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) return path;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var aside = Path.Combine(folder, $"{name}.{Guid.NewGuid():N}");
        File.WriteAllBytes(aside, bytes);
        File.Move(aside, path, overwrite: true);
        return path;
    }

    // XDG base directory specification. Where there is no home, a new folder that nobody else could have prepared.
    private static string Root()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) && Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home)
            cache = Path.Combine(home, ".cache");
        return string.IsNullOrEmpty(cache) ? Directory.CreateTempSubdirectory("triops-native-").FullName
            : Path.Combine(cache, "triops", "native");
    }
}
