using System.Reflection;

namespace TriOps.Infra.Tests.Tools;

/// <summary>The Bicep compiler from the packages folder.</summary>
internal static class Bicep
{
    private static readonly Lazy<string> Program = new(Find);

    // It must run where no ICU is installed.
    private static readonly Dictionary<string, string> Environment = new() { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" };

    /// <summary>Runs the compiler.</summary>
    public static Task<CommandResult> RunAsync(string directory, params string[] arguments) =>
        Command.RunAsync(Program.Value, directory, arguments, Environment);

    private static string Find()
    {
        var folder = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BicepFolder").Value!;
        var program = Path.Combine(folder, OperatingSystem.IsWindows() ? "bicep.exe" : "bicep");
        if (!File.Exists(program)) throw new FileNotFoundException($"The Bicep compiler is not at {program}. Restore tests/Infra.Tests.");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        return program;
    }
}
