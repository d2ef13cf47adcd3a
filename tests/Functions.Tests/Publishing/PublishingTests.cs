using System.Text.Json;
using System.Xml.Linq;
using TriOps.Activities.Triggers;

namespace TriOps.Functions.Tests.Publishing;

/// <summary>What is published: the project file, what it draws in, and host.json.</summary>
public sealed class PublishingTests
{
    private static readonly string[] Forbidden =
        ["libtorch", "TorchSharp", "LightGBM", "SkiaSharp", "TriOps.Training", "TriOps.Trainer", "TriOps.LocalHost", "TriOps.Azurite"];

    private static readonly string Functions = Path.Combine(Repository.Root, "functions", "Functions.csproj");

    [Fact]
    public void Closure_OfTheProjectFiles_HoldsNothingThatTrainsOrDraws()
    {
        var (seen, names) = (new HashSet<string>(), new List<string>());
        var left = new Queue<string>([Functions]);
        while (left.TryDequeue(out var project))
        {
            if (!seen.Add(project)) continue;
            names.Add(Path.GetFileNameWithoutExtension(project));
            names.AddRange(XDocument.Load(project).Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value));
            foreach (var next in References(project)) left.Enqueue(next);
        }
        Assert.True(seen.Count >= 10, $"Only {seen.Count} projects were walked.");
        AssertClean(names);
    }

    /// <summary>With what the packages draw in themselves.</summary>
    [Fact]
    public void Closure_OfTheRestoredPackages_HoldsNothingThatTrainsOrDraws()
    {
        using var assets =
            JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "artifacts", "obj", "Functions", "project.assets.json")));
        var names = assets.RootElement.GetProperty("libraries").EnumerateObject().Select(l => l.Name).ToList();
        Assert.Contains(names, n => n.StartsWith("Microsoft.ML.OnnxRuntime/", StringComparison.Ordinal));
        AssertClean(names);
    }

    [Fact]
    public void Packages_HaveExactCentralVersions()
    {
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
        var packages = XDocument.Load(Functions).Descendants("PackageReference").ToList();
        Assert.Contains(packages, p => p.Attribute("Include")!.Value == "Microsoft.Azure.Functions.Worker.Extensions.DurableTask");
        Assert.All(packages, p =>
        {
            Assert.Null(p.Attribute("Version"));
            Assert.Matches(@"^\d+\.\d+\.\d+$", versions[p.Attribute("Include")!.Value]);
        });
    }

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Functions.sln")).Replace('\\', '/');
        var projects =
            new[] { "functions", "src",
            "tests" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.csproj", SearchOption.AllDirectories))
            .Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'))
            .Where(p => !p.Split('/').Intersect(["bin", "obj"]).Any()).ToList();
        Assert.Contains("functions/Functions.csproj", projects);
        Assert.All(projects, p => Assert.Contains($"\"{p}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void HostJson_SaysWhatTheCodeReliesOn()
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "host.json")));
        var root = host.RootElement;
        Assert.Equal("2.0", root.GetProperty("version").GetString());
        Assert.Equal("OpenTelemetry", root.GetProperty("telemetryMode").GetString());
        var extensions = root.GetProperty("extensions");
        Assert.Equal("", extensions.GetProperty("http").GetProperty("routePrefix").GetString());
        Assert.Equal(PoisonMessages.Attempts, extensions.GetProperty("queues").GetProperty("maxDequeueCount").GetInt32());
        Assert.Equal("base64", extensions.GetProperty("queues").GetProperty("messageEncoding").GetString());
        var durable = extensions.GetProperty("durableTask");
        Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,44}$", durable.GetProperty("hubName").GetString());
        // An event to an instance that has ended is ignored.
        Assert.False(durable.GetProperty("throwStatusExceptionsOnRaiseEvent").GetBoolean());
        // The host does not start with less, and a killed one is waited for so long.
        foreach (var name in new[] { "controlQueueVisibilityTimeout", "workItemQueueVisibilityTimeout" })
            Assert.Equal(TimeSpan.FromMinutes(1),
                TimeSpan.Parse(durable.GetProperty("storageProvider").GetProperty(name)
                .GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void LocalSettings_AreATemplateWithoutSecretsAndRunTrainersAsProcesses()
    {
        Assert.Contains("local.settings.json", File.ReadAllLines(Path.Combine(Repository.Root, ".gitignore")));
        using var template =
            JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "functions", "local.settings.template.json")));
        var values = template.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString());
        Assert.Equal(("dotnet-isolated", "process", "true"),
            (values["FUNCTIONS_WORKER_RUNTIME"], values["TRIOPS_COMPUTE"], values["AzureWebJobsDisableHomepage"]));
        Assert.Equal(values["AzureWebJobsStorage"], values["TRIOPS_STORAGE"]); // Triggers and code look at one account.
        Assert.DoesNotContain(values.Values, v => v!.Contains("AccountKey", StringComparison.OrdinalIgnoreCase));
    }

    private static void AssertClean(IEnumerable<string> names) =>
        Assert.DoesNotContain(names, n => Forbidden.Any(f => n.StartsWith(f, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<string> References(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Select(p => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, p.Attribute("Include")!.Value)));
}
