using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace TriOps.Images.Tests;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>Every file that a clone has or would have, relative to the root.</summary>
    public static IReadOnlyList<string> Files { get; } = Run("git", "ls-files", "--cached", "--others", "--exclude-standard")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(f => File.Exists(Path.Combine(Root, f))).ToList();

    /// <summary>What a command prints, run in the root.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
