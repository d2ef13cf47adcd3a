namespace TriOps.Functions.Tests;

/// <summary>The working tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Functions.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Functions.sln above {AppContext.BaseDirectory}.");
    }
}
