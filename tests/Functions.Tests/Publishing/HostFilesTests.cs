using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using static TriOps.Functions.Tests.Publishing.HostFunction;

namespace TriOps.Functions.Tests.Publishing;

/// <summary>Functions, triggers and bindings as the host is told of them: by the worker, which it asks first (workerIndexing), and by the
/// file functions.metadata.</summary>
public sealed class HostFilesTests
{
    private static readonly string[] Storage =
        ["AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri"];

    [Fact]
    public async Task Worker_AskedForItsFunctions_SaysWhatTheFileSays()
    {
        Assert.Equal("true", HostFiles.Json("worker.config.json").GetProperty("description").GetProperty("workerIndexing").GetString());
        var provider = typeof(FunctionsServices).Assembly.GetTypes().Single(typeof(IFunctionMetadataProvider).IsAssignableFrom);
        var told = await ((IFunctionMetadataProvider)Activator.CreateInstance(provider)!).GetFunctionMetadataAsync(HostFiles.Folder);
        var worker =
            told.Select(f =>
            $"{f.Name} {f.EntryPoint} {string.Join(' ', f.RawBindings!.Select(b => Shape(JsonDocument.Parse(b).RootElement)).Order())}");
        var file = HostFiles.Functions.Select(f => $"{f.Name} {f.EntryPoint} {string.Join(' ', f.Bindings.Select(Shape).Order())}");
        Assert.Equal(file.Order(), worker.Order());
    }

    [Theory]
    [InlineData("orchestrationTrigger", typeof(IOrchestration<,>), typeof(TriOps.Orchestrations.RunJob))]
    [InlineData("activityTrigger", typeof(IActivity<,>), typeof(TriOps.Activities.ActivitiesServices))]
    public void EveryStep_InTheSource_HasExactlyOneFunction(string trigger, Type step, Type room)
    {
        var classes = room.Assembly.GetTypes()
            .Where(t => t is { IsAbstract: false, IsClass: true } && t.GetInterfaces()
            .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == step)).Select(t => t.Name);
        var functions = HostFiles.Functions.Where(f => TypeOf(f.Trigger) == trigger).ToList();
        Assert.Equal(classes.Order(), functions.Select(f => f.Name).Order());
        Assert.All(functions, f => Assert.EndsWith($".{f.Name}Async", f.EntryPoint, StringComparison.Ordinal));
    }

    [Fact]
    public void Triggers_ThatStartThings_AreTheseWithTheseSettings() => Assert.Equal(
        [
            "InboxBlob: blobTrigger path=inbox/{name}, durableClient",
            "InboxEvent: durableClient, queueTrigger queueName=inbox-events",
            "JobEvents: durableClient, queueTrigger queueName=job-events",
            "MonitorTimer: durableClient, timerTrigger schedule=0 */5 * * * *",
            "ZzSite: durableClient, http, httpTrigger authLevel=Anonymous route={*path}",
        ],
        HostFiles.Functions.Where(f => TypeOf(f.Trigger) is not ("activityTrigger" or "orchestrationTrigger"))
            .Select(f => $"{f.Name}: {string.Join(", ", f.Bindings.Select(Settings).Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Steps_BindNothingButTheirTrigger() =>
        Assert.All(HostFiles.Functions.Where(f => TypeOf(f.Trigger) is "activityTrigger" or "orchestrationTrigger"),
        f => Assert.Single(f.Bindings));

    /// <summary>A binding that names no connection means AzureWebJobsStorage; infra/ sets that by identity, for all three
    /// services.</summary>
    [Fact]
    public void Connections_AreOnesThatInfraSets() => Assert.All(HostFiles.Functions.SelectMany(f => f.Bindings), b =>
    {
        var connection = b.TryGetProperty("connection", out var named) ? named.GetString()! : "AzureWebJobsStorage";
        Assert.Contains(HostFiles.Settings, s => s == connection || s.StartsWith(connection + "__", StringComparison.Ordinal));
        foreach (Match setting in Regex.Matches(b.GetRawText(), "%([^%]+)%")) Assert.Contains(setting.Groups[1].Value, HostFiles.Settings);
    });

    [Fact]
    public void Infra_SetsTheHostsStorage_AndDisablesOnlyFunctionsThatAre()
    {
        Assert.Superset(Storage.ToHashSet(), HostFiles.Settings.ToHashSet());
        var disabled = HostFiles.Settings.Select(s => Regex.Match(s, @"^AzureWebJobs\.(.+)\.Disabled$")).Where(m => m.Success)
            .Select(m => m.Groups[1].Value);
        Assert.Equal(["InboxBlob"], disabled);
        Assert.Contains(HostFiles.Functions, f => f.Name == "InboxBlob");
    }

    [Fact]
    public void Queues_AndContainers_AreTriOpsOwn()
    {
        foreach (var queue in Values("queueTrigger", "queueName"))
        {
            Assert.Contains(queue, Queues.All);
            Assert.Contains(Queues.PoisonOf(queue), Queues.All);
        }
        Assert.All(Values("blobTrigger", "path"), path => Assert.Contains(path.Split('/')[0], Containers.All));
    }

    private static List<string> Values(string trigger, string property)
    {
        var values = HostFiles.Functions.Select(f => f.Trigger).Where(t => TypeOf(t) == trigger)
            .Select(t => t.GetProperty(property).GetString()!).ToList();
        Assert.NotEmpty(values);
        return values;
    }

    private static string Shape(JsonElement binding) =>
        $"{binding.GetProperty("name").GetString()}:{binding.GetProperty("direction").GetString()}:{Settings(binding)}";

    private static string Settings(JsonElement binding) => string.Join(' ',
        binding.EnumerateObject().Where(p => p.Name is not ("name" or "direction" or "type" or "properties" or "dataType" or "cardinality"))
        .Select(p => $"{p.Name}={p.Value}").Order(StringComparer.Ordinal).Prepend(TypeOf(binding)));
}
