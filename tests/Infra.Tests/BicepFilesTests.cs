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

    /// <summary>A misspelt property, a value of another type, an API version that is not there: all warnings with exit code 0 to the
    /// compiler.</summary>
    [Fact]
    public async Task Files_WithPlantedFaults_AreFoundFaulty()
    {
        using var copy = TemporaryFolder.WithInfra();
        Plant("monitoring", "IngestionMode: 'LogAnalytics'", "IngestionModus: 'LogAnalytics'");
        Plant("storage", "allowSharedKeyAccess: false", "allowSharedKeyAccess: 'false'");
        Plant("registry", "@2025-11-01'", "@2025-11-02'");

        var result = await LintAsync(copy.Path);

        Assert.All(new[] { "monitoring.bicep", "BCP089", "storage.bicep", "BCP036", "registry.bicep", "BCP081" },
            found => Assert.Contains(found, result.All, StringComparison.Ordinal));

        void Plant(string module, string right, string wrong)
        {
            var file = copy.At("infra", "modules", $"{module}.bicep");
            var text = File.ReadAllText(file);
            Assert.Contains(right, text, StringComparison.Ordinal);
            File.WriteAllText(file, text.Replace(right, wrong, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Files_Formatted_AreAsTheyWere()
    {
        using var copy = TemporaryFolder.WithInfra();

        var result = await Bicep.RunAsync(copy.Path, "format", "--pattern", "infra/**/*.bicep");

        Assert.Equal("", result.All);
        var files = Directory.GetFiles(Repository.At("infra"), "*.bicep", SearchOption.AllDirectories);
        Assert.True(files.Length > 10);
        Assert.All(files,
            file => Assert.Equal(File.ReadAllText(file), File.ReadAllText(copy.At(Path.GetRelativePath(Repository.Root, file)))));
    }

    private static Task<CommandResult> LintAsync(string directory) => Bicep.RunAsync(directory, "lint", "--pattern", "infra/**/*.bicep");
}
