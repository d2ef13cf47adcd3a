using System.Diagnostics;
using System.Globalization;

namespace TriOps.Testing;

/// <summary>Temporary folders that bear the id of the process that made them: what a killed test run has left is told from what is in use,
/// and swept by the next.</summary>
public static class TempFolders
{
    /// <summary>Makes an empty folder, which the caller deletes, and deletes those of its kind whose process has gone.</summary>
    /// <param name="kind">Part of its name: triops-{kind}-{process}-….</param>
    /// <param name="under">Where; the system's folder for temporary files by default.</param>
    public static string Create(string kind, string? under = null)
    {
        var root = under ?? Path.GetTempPath();
        foreach (var folder in Directory.EnumerateDirectories(root, $"triops-{kind}-*")) Sweep(folder, $"triops-{kind}-");
        return Directory.CreateDirectory(Path.Combine(root, $"triops-{kind}-{Environment.ProcessId}-{Guid.NewGuid():n}")).FullName;
    }

    private static void Sweep(string folder, string prefix)
    {
        var owner = Path.GetFileName(folder)[prefix.Length..].Split('-')[0];
        if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || IsAlive(id)) return;
        try { Directory.Delete(folder, recursive: true); }
        catch (IOException) { /* Its Azurite is still ending, or another run sweeps too: the next sweep sees. */ }
        catch (UnauthorizedAccessException) { /* Another user's. */ }
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException) { return false; }
    }
}
