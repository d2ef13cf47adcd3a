using System.Text.Json;
using System.Text.RegularExpressions;

namespace TriOps.Images.Tests;

/// <summary>What azd sends to Azure of the functions app. (`azd deploy` runs `dotnet publish -c Release`; the project file says the
/// rest.)</summary>
public sealed class PublishedFunctionsTests(PublishedFunctions app) : IClassFixture<PublishedFunctions>
{
    private const long MB = 1_000_000;

    [Fact]
    public void App_Published_IsUnder150MegabytesAndHoldsNothingThatTrainsOrDraws()
    {
        Assert.InRange(app.Size, 30 * MB, 150 * MB);
        Assert.DoesNotContain(app.Files,
            f => Regex.IsMatch(f, "(?i)torch|lightgbm|skiasharp|azurite|TriOps\\.(Training|Trainer|LocalHost|Testing|Cli)\\."));
    }

    [Fact]
    public void App_Published_IsForLinuxAndCompiledAhead()
    {
        Assert.Contains(app.Files, f => f.EndsWith("/libonnxruntime.so", StringComparison.Ordinal) || f == "libonnxruntime.so");
        Assert.DoesNotContain(app.Files, f => Regex.IsMatch(f, "(?i)onnxruntime\\.(dll|dylib)$")
            && !f.EndsWith("Microsoft.ML.OnnxRuntime.dll", StringComparison.Ordinal));
        Assert.All(app.Files.Where(f => Regex.IsMatch(f, "^TriOps\\..*\\.dll$")),
            f => Assert.True(PublishedImage.IsReadyToRun(app.Folder, f), f));
    }

    [Fact]
    public void App_Published_HasEveryFunctionButTheOneThatPolls()
    {
        using var metadata = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(app.Folder, "functions.metadata")));
        var names = metadata.RootElement.EnumerateArray().Select(f => f.GetProperty("name").GetString()).ToList();
        Assert.Contains("InboxEvent", names);
        Assert.Contains("ZzSite", names);
        Assert.DoesNotContain("InboxBlob", names);
        Assert.DoesNotContain(metadata.RootElement.EnumerateArray().SelectMany(f => f.GetProperty("bindings").EnumerateArray()),
            b => b.GetProperty("type").GetString() == "blobTrigger");
    }

    [Fact]
    public void App_Published_HasWhatTheHostReads_AndNoLocalSettings()
    {
        foreach (var file in (string[])["host.json", "worker.config.json", "extensions.json", "functions.metadata", "TriOps.Functions.dll",
            ".azurefunctions/function.deps.json"]) Assert.Contains(file, app.Files);
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "host.json")), File.ReadAllText(Path.Combine(app.Folder, "host.json")));
        Assert.DoesNotContain("local.settings.json", app.Files);
        using var extensions = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(app.Folder, "extensions.json")));
        Assert.All(extensions.RootElement.GetProperty("extensions")
            .EnumerateArray(), e => Assert.Contains(e.GetProperty("hintPath").GetString()![2..], app.Files));
    }
}
