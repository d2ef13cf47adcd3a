using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Storage;
using TriOps.Storage;

namespace TriOps.Infra.Tests.Template;

/// <summary>The storage account: no keys, nothing public, and the very containers, queues and tables that the code names.</summary>
public sealed class StorageTests
{
    private const string Account = "Microsoft.Storage/storageAccounts";

    public static TheoryData<string> Names => Deployment.Names;

    [Theory, MemberData(nameof(Names))]
    public void Account_Deployed_TakesNoKeyAndShowsNothing(string name)
    {
        var account = Deployment.Of(name).Single(Account);

        Assert.Equal("False", account.Text("properties", "allowSharedKeyAccess"));
        Assert.Equal("False", account.Text("properties", "allowBlobPublicAccess"));
        Assert.Equal("True", account.Text("properties", "supportsHttpsTrafficOnly"));
        Assert.Equal("TLS1_2", account.Text("properties", "minimumTlsVersion"));
        Assert.All(Deployment.Of(name).OfType($"{Account}/blobServices/containers"),
            c => Assert.Equal("None", c.Text("properties", "publicAccess")));
    }

    [Theory, MemberData(nameof(Names))]
    public void Blobs_Deployed_CanBeBroughtBack(string name)
    {
        var blobs = Deployment.Of(name).Single($"{Account}/blobServices");

        Assert.Equal("True", blobs.Text("properties", "isVersioningEnabled"));
        Assert.Equal("True", blobs.Text("properties", "deleteRetentionPolicy", "enabled"));
        Assert.Equal("True", blobs.Text("properties", "containerDeleteRetentionPolicy", "enabled"));
    }

    [Theory, MemberData(nameof(Names))]
    public void Containers_Deployed_AreTheCodesAndTheInfrastructures(string name) => Assert.Equal(
        new[] { "app-package", "event-dead-letters" }.Concat(Containers.All).Append(BlobLeases.ContainerName).Order(StringComparer.Ordinal),
        NamesOf(name, "blobServices/containers"));

    [Theory, MemberData(nameof(Names))]
    public void Queues_Deployed_AreTheCodes(string name) =>
        Assert.Equal(Queues.All.Order(StringComparer.Ordinal), NamesOf(name, "queueServices/queues"));

    [Theory, MemberData(nameof(Names))]
    public void Tables_Deployed_AreTheCodes(string name)
    {
        var services = new ServiceCollection().AddTriOpsStorage(StorageOptions.Parse("anyaccount"));
        var tables = services.Select(s => s.ImplementationInstance).OfType<StorageTable>().Select(t => t.Name);

        Assert.Equal(tables.Order(StringComparer.Ordinal), NamesOf(name, "tableServices/tables"));
    }

    [Fact]
    public void Network_OfTheIsolatedAccount_LetsInOnlyWhoIsNamed()
    {
        var rules = Deployment.Isolated.Single(Account).At("properties", "networkAcls");

        Assert.Equal("Deny", rules.GetProperty("defaultAction").GetString());
        Assert.Equal("AzureServices", rules.GetProperty("bypass").GetString()); // Event Grid delivers as a trusted service.
        Assert.Equal(["203.0.113.7", "198.51.100.0/24"], rules.GetProperty("ipRules").EnumerateArray()
        .Select(r => r.GetProperty("value").GetString()));
        var connected = Deployment.Isolated.OfType("Microsoft.Network/privateEndpoints")
            .Select(e => e.Text("properties", "privateLinkServiceConnections", 0, "properties", "groupIds", 0));
        Assert.Superset(new HashSet<string?> { "blob", "queue", "table" }, connected.ToHashSet());
    }

    /// <summary>A rule that deletes blobs as they are must name where, and never the host's containers or the user's data.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Lifecycle_OfData_DeletesNothingCurrent(string name)
    {
        var rules = Deployment.Of(name).Single($"{Account}/managementPolicies").At("properties", "policy", "rules")
            .EnumerateArray().ToList();

        Assert.NotEmpty(rules);
        foreach (var rule in rules.Select(r => r.GetProperty("definition")))
        {
            var deletes = rule.GetProperty("actions").TryGetProperty("baseBlob", out var current)
                && current.TryGetProperty("delete", out _);
            var prefixes = rule.GetProperty("filters").TryGetProperty("prefixMatch", out var match) ? match.EnumerateArray()
                .Select(p => p.GetString()!).ToList() : [];
            if (deletes) Assert.Equal(["event-dead-letters/"], prefixes);
            Assert.DoesNotContain(prefixes, p => p.StartsWith("azure-webjobs", StringComparison.Ordinal)
                || p.StartsWith("app-package", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> NamesOf(string name, string part) => Deployment.Of(name).OfType($"{Account}/{part}")
        .Select(r => r.Name).Order(StringComparer.Ordinal);
}
