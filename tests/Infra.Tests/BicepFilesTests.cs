using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests;

/// <summary>The Bicep files compile. Most type errors are warnings with exit code 0, so any line the compiler prints is a fault.</summary>
public sealed class BicepFilesTests
{
    [Fact]
    public async Task Files_Linted_SayNothing()
    {
        var result = await LintAsync(Repository.Root);

        Assert.Equal("", result.All);
        Assert.Equal(0, result.Code);
    }

    [Theory]
    [InlineData("modules/monitoring.bicep", "IngestionMode: 'LogAnalytics'", "IngestionModus: 'LogAnalytics'", "BCP089")]
    [InlineData("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: 'false'", "BCP036")]
    [InlineData("modules/registry.bicep", "@2025-11-01'", "@2025-11-02'", "BCP081")]
    public async Task Files_WithAPlantedFault_AreFoundFaulty(string file, string right, string wrong, string code)
    {
        using var copy = TemporaryFolder.WithInfra();
        var text = await File.ReadAllTextAsync(copy.At("infra", file));
        Assert.Contains(right, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(copy.At("infra", file), text.Replace(right, wrong, StringComparison.Ordinal));

        var result = await LintAsync(copy.Path);

        Assert.Contains(code, result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_Formatted_AreAsTheyWere()
    {
        using var copy = TemporaryFolder.WithInfra();

        var result = await Bicep.RunAsync(copy.Path, "format", "--pattern", "infra/**/*.bicep");

        Assert.Equal("", result.All);
        var files = Directory.GetFiles(Repository.At("infra"), "*.bicep", SearchOption.AllDirectories);
        Assert.True(files.Length > 10);
        Assert.All(files, file => Assert.Equal(File.ReadAllText(file), File.ReadAllText(copy.At(Path.GetRelativePath(Repository.Root, file)))));
    }

    private static Task<CommandResult> LintAsync(string directory) => Bicep.RunAsync(directory, "lint", "--pattern", "infra/**/*.bicep");
}
