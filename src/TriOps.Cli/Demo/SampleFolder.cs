using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Demo;

/// <summary>Finds a sample's folder.</summary>
internal static class SampleFolder
{
    /// <summary>samples/{name} above the current directory, or above or beside the program.</summary>
    /// <exception cref="CliException">It is in none of them (exit 1).</exception>
    public static string Find(string name, params string[] starts)
    {
        foreach (var start in starts)
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (Path.Combine(folder.FullName, "samples", name) is var sample && File.Exists(Path.Combine(sample, "triops.yaml")))
                    return sample;
        throw new CliException(Exit.Error, "sample-missing",
            $"samples/{name}/triops.yaml is neither above {starts[0]} nor beside the program. Run the demo from the repository, or "
            + $"build it again.");
    }
}
