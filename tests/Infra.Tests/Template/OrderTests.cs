using System.Text.Json;
using System.Text.RegularExpressions;
using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests.Template;

/// <summary>
/// What must be there before something else is made. Azure makes at once whatever may be, so an order that nobody wrote down is chance.
/// </summary>
public sealed partial class OrderTests
{
    private static readonly Lazy<Task<ILookup<string, string>>> Direct = new(ReadAsync);

    [Theory]
    [InlineData("inference", "endpoints", "while it is created it asks the vault for the key, which answers to its private endpoint only")]
    [InlineData("inference", "storage-access", "its first probe reads a table")]
    [InlineData("inference", "key-vault", "as above, and the right to read it")]
    [InlineData("functions", "endpoints", "its host reads package, key and leases through the network")]
    [InlineData("functions", "storage-access", "as above, with its roles")]
    [InlineData("endpoints", "network", "endpoints stand in its subnet, and its zones name them")]
    [InlineData("entrances", "functions", "an endpoint wants what it leads to")]
    [InlineData("storage-access", "events", "the topic's identity comes with the topic")]
    [InlineData("uploads", "storage-access", "events delivered before the role are lost to the dead letters")]
    public async Task Module_ThatNeedsAnother_ComesAfterIt(string module, string needed, string why) =>
        Assert.True((await BeforeAsync(module)).Contains(needed), $"{module} does not wait for {needed}: {why}.");

    /// <summary>The other way round would be a circle in what is written above.</summary>
    [Fact]
    public async Task Endpoints_OfWhatHoldsThings_WaitForNothingThatRuns() => Assert.Empty((await BeforeAsync("endpoints"))
        .Intersect(["functions", "inference", "environment", "trainer-cpu", "trainer-gpu"]));

    private static async Task<HashSet<string>> BeforeAsync(string module)
    {
        var direct = await Direct.Value;
        Assert.True(direct.Contains(module), $"There is no module '{module}'.");
        var (found, waiting) = (new HashSet<string>(), new Queue<string>(direct[module]));
        while (waiting.TryDequeue(out var next))
            if (found.Add(next))
                foreach (var further in direct[next]) waiting.Enqueue(further);
        return found;
    }

    /// <summary>Module to modules it names in dependsOn.</summary>
    private static async Task<ILookup<string, string>> ReadAsync()
    {
        var built = await Bicep.RunAsync(Repository.Root, "build", "infra/main.bicep", "--stdout");
        using var template = JsonDocument.Parse(built.Output);
        return (from module in template.RootElement.GetProperty("resources").EnumerateArray()
                where module.GetProperty("type").GetString() == "Microsoft.Resources/deployments"
                from needed in module.GetProperty("dependsOn").EnumerateArray()
                let name = Deployments().Match(needed.GetString()!)
                where name.Success
                select (Module: module.GetProperty("name").GetString()!, Needed: name.Groups[1].Value))
            .ToLookup(d => d.Module, d => d.Needed);
    }

    [GeneratedRegex(@"'Microsoft\.Resources/deployments', '([a-z-]+)'\)\]$")]
    private static partial Regex Deployments();
}
