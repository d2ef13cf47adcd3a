using System.Diagnostics;
using TriOps.Testing;

namespace TriOps.LocalHost.Tests.Fixtures;

public sealed class TempFoldersTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("triops-sweep-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Create_FoldersOfProcessesThatHaveGone_AreSweptAndOthersStay()
    {
        using var gone = Process.Start("dotnet", "--version");
        await gone.WaitForExitAsync();
        var stale = Directory.CreateDirectory(Path.Combine(root, $"triops-azurite-{gone.Id}-1")).FullName;
        await File.WriteAllTextAsync(Path.Combine(stale, "blob"), "left by a killed run");
        var foreign = Directory.CreateDirectory(Path.Combine(root, "triops-azurite-Xy12Ab")).FullName;
        var otherKind = Directory.CreateDirectory(Path.Combine(root, $"triops-e2e-{gone.Id}-1")).FullName;

        var mine = TempFolders.Create("azurite", root);
        var second = TempFolders.Create("azurite", root);

        Assert.False(Directory.Exists(stale));
        Assert.All([mine, second, foreign, otherKind], folder => Assert.True(Directory.Exists(folder)));
        Assert.NotEqual(mine, second);
    }
}
