
namespace TriOps.Functions.Tests.Publishing;

/// <summary>host.json, worker.config.json and extensions.json of the build's output, held against each other, the extensions' own options,
/// and infra/.</summary>
public sealed class HostConfigurationTests
{
    private const string Durable = "Microsoft.Azure.WebJobs.Extensions.DurableTask.dll";

    /// <summary>Which extension knows a binding; those of the host itself are in none.</summary>
    private static readonly Dictionary<string, string?> ExtensionOf = new()
    {
        ["httpTrigger"] = null, ["http"] = null, ["timerTrigger"] = null, ["blobTrigger"] = "AzureStorageBlobs",
            ["queueTrigger"] = "AzureStorageQueues",
        ["durableClient"] = "DurableTask", ["orchestrationTrigger"] = "DurableTask", ["activityTrigger"] = "DurableTask",
    };

    [Fact]
    public void WorkerConfig_StartsTheApp_OnTheRuntimeThatInfraNames()
    {
        var worker = HostFiles.Json("worker.config.json").GetProperty("description");
        var path = worker.GetProperty("defaultWorkerPath").GetString()!;
        Assert.Equal(("dotnet-isolated", "dotnet", "TriOps.Functions.dll"),
            (worker.GetProperty("language").GetString(), worker.GetProperty("defaultExecutablePath").GetString(), path));
        Assert.True(File.Exists(Path.Combine(HostFiles.Folder, path)));
        var framework = HostFiles.Json("TriOps.Functions.runtimeconfig.json").GetProperty("runtimeOptions").GetProperty("tfm").GetString()!;
        var infra = File.ReadAllText(Path.Combine(Repository.Root, "infra", "modules", "functions.bicep"));
        Assert.Contains($"runtime: {{ name: 'dotnet-isolated', version: '{framework["net".Length..]}' }}", infra, StringComparison.Ordinal);
    }

    [Fact]
    public void Extensions_AreThoseOfTheBindings_AndTheirFilesAreThere()
    {
        var extensions = HostFiles.Json("extensions.json").GetProperty("extensions").EnumerateArray()
            .ToDictionary(e => e.GetProperty("name").GetString()!, e => e.GetProperty("hintPath").GetString()!);
        var wanted = HostFiles.Functions.SelectMany(f => f.Bindings).Select(b => ExtensionOf[HostFunction.TypeOf(b)])
            .OfType<string>().Distinct();
        // Startup: the worker's own, which reads functions.metadata.
        Assert.Equal(wanted.Append("Startup").Order(), extensions.Keys.Order());
        Assert.All(extensions.Values, path => Assert.True(File.Exists(Path.Combine(HostFiles.Folder, path)), path));
    }

    [Fact]
    public void HostJson_IsInTheOutput() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "host.json")),
            File.ReadAllText(Path.Combine(HostFiles.Folder, "host.json")));

    [Theory]
    [InlineData("durableTask", Durable, "DurableTaskOptions")]
    [InlineData("durableTask/storageProvider", Durable, "AzureStorageOptions", "type")] // The host itself reads which provider it is.
    [InlineData("durableTask/tracing", Durable, "TraceOptions")]
    [InlineData("queues", "Microsoft.Azure.WebJobs.Extensions.Storage.Queues.dll", "QueuesOptions")]
    [InlineData("blobs", "Microsoft.Azure.WebJobs.Extensions.Storage.Blobs.dll", "BlobsOptions")]
    public void HostJson_Keys_AreOptionsThatTheExtensionHas(string section, string assembly, string options, params string[] others)
    {
        var known = HostFiles.Properties(assembly, options).Concat(others).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var keys = section.Split('/').Aggregate(HostFiles.Json("host.json").GetProperty("extensions"), (at, name) => at.GetProperty(name))
            .EnumerateObject().Select(p => p.Name).ToList();
        Assert.NotEmpty(keys);
        Assert.All(keys, k => Assert.Contains(k, known));
    }

    /// <summary>Durable's storage is the host's when host.json names no connection, and the hub the one that its clients, which name none
    /// either, mean.</summary>
    [Fact]
    public void HostJson_NamesNoConnection()
    {
        var durable = HostFiles.Json("host.json").GetProperty("extensions").GetProperty("durableTask");
        Assert.False(durable.GetProperty("storageProvider").TryGetProperty("connectionName", out _));
        Assert.All(HostFiles.Functions.SelectMany(f => f.Bindings).Where(b => HostFunction.TypeOf(b) == "durableClient"),
            b => Assert.False(b.TryGetProperty("taskHub", out _) || b.TryGetProperty("connectionName", out _)));
    }
}
