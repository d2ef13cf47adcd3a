using TriOps.Core;

namespace TriOps.Compute;

/// <summary>Where the trainer is. It is another program, built beside this one and never loaded into it.</summary>
public static class TrainerPath
{
    private const string File = "TriOps.Trainer.dll";

    /// <summary>The command that runs the trainer.</summary>
    /// <param name="given">A path from the command line, or null: beside the host, or in its own folder of the build output.</param>
    /// <exception cref="NotFoundException">There is none (code trainer-missing).</exception>
    public static IReadOnlyList<string> Command(string? given)
    {
        var here = AppContext.BaseDirectory;
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(here)); // artifacts/bin/{project}/{configuration}
        string[] places = given is not null ? [Path.GetFullPath(given)]
            : [Path.Combine(here, File), Path.GetFullPath(Path.Combine(here, "..", "..", "TriOps.Trainer", configuration, File))];
        var found = places.FirstOrDefault(System.IO.File.Exists)
            ?? throw new NotFoundException("trainer-missing",
            $"The trainer was not found at {string.Join(" or ", places)}. Build it ('dotnet build src/TriOps.Trainer'), or say where it "
            + $"is with --trainer.");
        return found.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? [Environment.ProcessPath is { } dotnet && Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? dotnet : "dotnet", found]
            : [found];
    }
}
