namespace TriOps.Infra.Tests.Tools;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("triops-infra-").FullName;

    /// <summary>A path inside.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A copy of the repository's Bicep files with what they load.</summary>
    public static TemporaryFolder WithInfra()
    {
        var folder = new TemporaryFolder();
        File.Copy(Repository.At("bicepconfig.json"), folder.At("bicepconfig.json"));
        foreach (var file in Directory.EnumerateFiles(Repository.At("infra"), "*", SearchOption.AllDirectories))
        {
            var to = folder.At(System.IO.Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return folder;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
