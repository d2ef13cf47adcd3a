namespace TriOps.Testing;

/// <summary>Where this repository is.</summary>
public static class Repository
{
    /// <summary>The directory that holds Functions.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string from)
    {
        for (var at = new DirectoryInfo(from); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Functions.sln"))) return at.FullName;
        throw new DirectoryNotFoundException($"No directory above {from} holds Functions.sln.");
    }
}
