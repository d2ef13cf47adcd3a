namespace TriOps.Infra.Tests;

/// <summary>Where this repository is.</summary>
internal static class Repository
{
    /// <summary>The directory that holds Functions.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A file or directory of the repository.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A file's text.</summary>
    public static string Read(params string[] parts) => File.ReadAllText(At(parts));

    private static string Find(string from)
    {
        for (var at = new DirectoryInfo(from); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Functions.sln"))) return at.FullName;
        throw new DirectoryNotFoundException($"No directory above {from} holds Functions.sln.");
    }
}
