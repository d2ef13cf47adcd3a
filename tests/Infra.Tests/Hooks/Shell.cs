namespace TriOps.Infra.Tests.Hooks;

/// <summary>What runs hooks: sh, and pwsh on Windows, which runs on other systems too.</summary>
internal static class Shell
{
    public const string Posix = "sh", Windows = "pwsh";

    /// <summary>The program pwsh, or null.</summary>
    public static string? PowerShell { get; } = OnPath(OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");

    /// <summary>The shells of this machine.</summary>
    public static IReadOnlyList<string> Here { get; } = PowerShell is null ? [Posix] : [Posix, Windows];

    /// <summary>Where a program is, or null.</summary>
    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);
}
