using TriOps.Compute;
using TriOps.Core.Settings;

namespace TriOps.Infra.Tests.Template;

/// <summary>The closed network: everything that holds data or secrets has a private endpoint, and the names lead there.</summary>
public sealed class IsolationTests
{
    [Fact]
    public void Endpoints_OfAnIsolatedDeployment_AreOnePerServiceThatHoldsSomething()
    {
        Assert.Equal(["blob", "queue", "registry", "sites", "table"], Groups(Deployment.Isolated));
        Assert.Equal(["blob", "queue", "registry", "sites", "table", "vault"], Groups(Deployment.IsolatedWithKey));
        Assert.Empty(Groups(Deployment.Plain));

        static IEnumerable<string?> Groups(Deployment d) => d.OfType("Microsoft.Network/privateEndpoints")
            .Select(e => e.Text("properties", "privateLinkServiceConnections", 0, "properties", "groupIds", 0))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>
    /// Behind a firewall an account takes events from a system-assigned identity, as a trusted service, and from no other:
    /// learn.microsoft.com/azure/event-grid/handler-storage-queues, "You can't use user-assigned managed identity".
    /// </summary>
    [Fact]
    public void Events_OfAnAccountBehindAFirewall_AreDeliveredAsTheTopicItself()
    {
        foreach (var deployment in new[] { Deployment.Plain, Deployment.Isolated, Deployment.IsolatedWithKey })
        {
            var (topic, uploads) = (deployment.Single("Microsoft.EventGrid/systemTopics"),
                deployment.Single("Microsoft.EventGrid/systemTopics/eventSubscriptions"));

            Assert.Equal("SystemAssigned", topic.Text("identity", "type"));
            Assert.All(new[] { "deliveryWithResourceIdentity", "deadLetterWithResourceIdentity" }, way =>
                Assert.Equal("SystemAssigned", uploads.Text("properties", way, "identity", "type")));
            Assert.Equal("AzureServices", deployment.Single("Microsoft.Storage/storageAccounts")
                .Text("properties", "networkAcls", "bypass"));
        }
    }

    [Fact]
    public void Vault_Isolated_IsClosed()
    {
        var vault = Deployment.IsolatedWithKey.Single("Microsoft.KeyVault/vaults");

        Assert.Equal("Disabled", vault.Text("properties", "publicNetworkAccess"));
        Assert.Equal("Deny", vault.Text("properties", "networkAcls", "defaultAction"));
        Assert.Equal("True", vault.Text("properties", "enableRbacAuthorization"));
        Assert.Equal("[parameters('apiKey')]", Deployment.IsolatedWithKey.Single("Microsoft.KeyVault/vaults/secrets")
            .Text("properties", "value"));
    }

    /// <summary>Containers in the region of everything else share its network; in another region they get one of their own, and both look
    /// names up in every zone.</summary>
    [Fact]
    public void Networks_ByTheContainersRegion_AreOneOrTwoPeered()
    {
        Assert.Single(Deployment.IsolatedWithKey.OfType("Microsoft.Network/virtualNetworks"));
        Assert.Empty(Deployment.IsolatedWithKey.OfType("Microsoft.Network/virtualNetworks/virtualNetworkPeerings"));
        Assert.Equal(Links(Deployment.IsolatedWithKey), Zones(Deployment.IsolatedWithKey));

        Assert.Equal(["swedencentral", "westeurope"], Deployment.Isolated.OfType("Microsoft.Network/virtualNetworks")
            .Select(n => n.Text("location")).Order(StringComparer.Ordinal));
        Assert.Equal(2, Deployment.Isolated.OfType("Microsoft.Network/virtualNetworks/virtualNetworkPeerings").Count);
        Assert.Equal(Links(Deployment.Isolated), 2 * Zones(Deployment.Isolated));

        static int Links(Deployment d) => d.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count;
        static int Zones(Deployment d) => d.OfType("Microsoft.Network/privateDnsZones").Count;
    }

    /// <summary>Both the functions app and the environment are put into subnets that are theirs alone.</summary>
    [Fact]
    public void Subnets_OfWhatRuns_AreDelegatedAndThere()
    {
        foreach (var deployment in new[] { Deployment.Isolated, Deployment.IsolatedWithKey })
        {
            var subnets = deployment.OfType("Microsoft.Network/virtualNetworks")
                .SelectMany(n => n.At("properties", "subnets").EnumerateArray()
                .Select(s => (Id: $"{n.Id}/subnets/{s.GetProperty("name").GetString()}", Json: s))).ToDictionary(s => s.Id, s => s.Json);
            var used = new[]
            {
                deployment.Single("Microsoft.Web/sites").Text("properties", "virtualNetworkSubnetId")!,
                deployment.Single("Microsoft.App/managedEnvironments").Text("properties", "vnetConfiguration", "infrastructureSubnetId")!,
            };

            Assert.Equal(2, used.Distinct().Count());
            Assert.All(used,
                id => Assert.Equal("Microsoft.App/environments", subnets[id].GetProperty("properties").GetProperty("delegations")[0]
                .GetProperty("properties").GetProperty("serviceName").GetString()));
        }
    }

    [Fact]
    public void Prices_OfTheParameters_AreThoseThatRunsArePricedWith()
    {
        var profiles = ComputeProfiles.Parse(Settings.Functions(Deployment.IsolatedWithKey)[SettingNames.ComputeProfiles]);

        Assert.Equal(["cpu 500000 EUR", "gpu 1250000 EUR"],
            profiles.Names.Select(n => $"{n} {profiles.Get(n).MicrosPerHour} {profiles.Get(n).Currency}"));
        Assert.Contains(Deployment.IsolatedWithKey.Single("Microsoft.App/managedEnvironments").At("properties", "workloadProfiles")
            .EnumerateArray(), p => p.GetProperty("workloadProfileType").GetString() == "Consumption-GPU-NC8as-T4");
    }

    /// <summary>An image that azd has put there is not replaced by the placeholder.</summary>
    [Fact]
    public void Images_ThatAreKnown_AreKept()
    {
        var jobs = Deployment.IsolatedWithKey.OfType("Microsoft.App/jobs")
            .ToDictionary(j => j.Text("tags", "azd-service-name")!, j => j.Text("properties", "template", "containers", 0, "image"));

        Assert.Equal("crexample.azurecr.io/triops/trainer:azd-deploy-1", jobs["trainer"]);
        Assert.Equal("mcr.microsoft.com/k8se/quickstart-jobs:latest", jobs["trainer-gpu"]);
    }
}
