using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests;

/// <summary>What a deployment would create is a golden file for each set of parameters: loops, conditions and names evaluated, nothing
/// deployed.</summary>
public sealed class SnapshotTests
{
    private const string AnyId = "00000000-0000-0000-0000-000000000001";

    [Theory]
    [InlineData("plain")]
    [InlineData("isolated-entra-a100")]
    [InlineData("isolated-key-t4")]
    public async Task Snapshot_OfTheTemplateNow_IsTheGoldenFile(string name)
    {
        var result = await SnapshotAsync(Repository.At("tests", "Infra.Tests", "Snapshots", $"{name}.bicepparam"), "validate");

        Assert.True(result.Code == 0,
            $"{result.All}\nIf the change is meant: bicep snapshot tests/Infra.Tests/Snapshots/{name}.bicepparam --mode overwrite "
            + $"--subscription-id {AnyId} --tenant-id {AnyId} --location swedencentral");
    }

    [Fact]
    public async Task Snapshot_OfAnotherTemplate_IsRefused()
    {
        using var copy = TemporaryFolder.WithInfra();
        var folder = copy.At("tests", "Infra.Tests", "Snapshots");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(Repository.At("tests", "Infra.Tests", "Snapshots"), "plain.*"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var module = copy.At("infra", "modules", "storage.bicep");
        await File.WriteAllTextAsync(module, (await File.ReadAllTextAsync(module))
            .Replace("allowSharedKeyAccess: false", "allowSharedKeyAccess: true", StringComparison.Ordinal));

        var result = await SnapshotAsync(Path.Combine(folder, "plain.bicepparam"), "validate");

        Assert.NotEqual(0, result.Code);
        Assert.Contains("allowSharedKeyAccess", result.All, StringComparison.Ordinal);
    }

    private static Task<CommandResult> SnapshotAsync(string file, string mode) =>
        Bicep.RunAsync(Repository.Root, "snapshot", file, "--mode", mode, "--subscription-id", AnyId, "--tenant-id", AnyId, "--location",
            "swedencentral");
}
