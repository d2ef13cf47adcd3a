using TriOps.Testing;

namespace TriOps.Images.Tests;

/// <summary>The functions app as azd publishes it, when a test first asks; deleted after the last.</summary>
public sealed class PublishedFunctions : IDisposable
{
    private readonly Lazy<string> folder = new(Publish);

    /// <summary>What is zipped and sent to Azure.</summary>
    public string Folder => folder.Value;

    /// <summary>Its files, by their paths in it.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/'))];

    /// <summary>Bytes of all of them.</summary>
    public long Size => new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    public void Dispose()
    {
        if (folder.IsValueCreated) Directory.Delete(Folder, recursive: true);
    }

    private static string Publish()
    {
        var into = TempFolders.Create("functions");
        Repository.Run("dotnet", "publish", "functions", "-c", "Release", "-o", into);
        return into;
    }
}
