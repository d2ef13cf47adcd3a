using System.Text.Json;
using TriOps.Core.Storage;

namespace TriOps.Infra.Tests.Template;

/// <summary>The function app, as Flex Consumption wants it.</summary>
public sealed class FunctionsAppTests
{
    /// <summary>Flex keeps these in functionAppConfig, and refuses or ignores them as settings.</summary>
    private static readonly string[] Forbidden =
        ["FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE", "WEBSITE_TIME_ZONE", "TZ", "AzureWebJobsStorage"];

    public static TheoryData<string> Names => Deployment.Names;

    [Theory, MemberData(nameof(Names))]
    public void App_Deployed_RunsDotnetIsolatedOnFlex(string name)
    {
        var (plan, app) = (Deployment.Of(name).Single("Microsoft.Web/serverfarms"), Deployment.Of(name).Single("Microsoft.Web/sites"));

        Assert.Equal("FC1", plan.Text("sku", "name"));
        Assert.Equal("dotnet-isolated", app.Text("properties", "functionAppConfig", "runtime", "name"));
        Assert.Equal("10.0", app.Text("properties", "functionAppConfig", "runtime", "version"));
        Assert.Equal("UserAssignedIdentity",
            app.Text("properties", "functionAppConfig", "deployment", "storage", "authentication", "type"));
        Assert.EndsWith("'app-package')]", app.Text("properties", "functionAppConfig", "deployment", "storage", "value"),
            StringComparison.Ordinal);
        Assert.Contains(app.Text("properties", "functionAppConfig", "scaleAndConcurrency", "instanceMemoryMB"),
            new[] { "512", "2048", "4096" });
        Assert.Null(app.Text("properties", "siteConfig", "linuxFxVersion"));
        Assert.Equal("True", app.Text("properties", "httpsOnly"));
        Assert.DoesNotContain(Settings.Functions(Deployment.Of(name)).Keys, Forbidden.Contains);
    }

    /// <summary>
    /// Of the group "durable": orchestrations and activities scale together. Source:
    /// learn.microsoft.com/azure/azure-functions/durable/durable-functions-azure-storage-provider, "Flex Consumption Plan".
    /// </summary>
    [Fact]
    public void Instances_ThatAreAlwaysReady_AreThoseAskedForAndForWorkflows()
    {
        var asked = AlwaysReady(Deployment.IsolatedWithKey);

        Assert.Equal(["durable 1"], asked.Select(i => $"{i.GetProperty("name").GetString()} {i.GetProperty("instanceCount").GetInt32()}"));
        Assert.Empty(AlwaysReady(Deployment.Plain)); // Idle costs next to nothing, unless somebody asks for more.

        static IEnumerable<JsonElement> AlwaysReady(Deployment d) => d.Single("Microsoft.Web/sites")
            .At("properties", "functionAppConfig", "scaleAndConcurrency", "alwaysReady").EnumerateArray();
    }

    [Theory, MemberData(nameof(Names))]
    public void Publishing_WithAPassword_IsOff(string name)
    {
        var policies = Deployment.Of(name).OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies");

        Assert.Equal(["ftp", "scm"], policies.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.All(policies, p => Assert.Equal("False", p.Text("properties", "allow")));
    }

    [Fact]
    public void SignIn_WithEntra_IsAskedOfEverybodyButProbes()
    {
        var app = Deployment.Isolated.OfType("Microsoft.Web/sites/config").Single(c => c.Name == "authsettingsV2");
        var server = Deployment.Isolated.Single("Microsoft.App/containerApps/authConfigs");

        Assert.Equal("True", app.Text("properties", "globalValidation", "requireAuthentication"));
        Assert.Equal("RedirectToLoginPage", app.Text("properties", "globalValidation", "unauthenticatedClientAction"));
        Assert.Equal("Return401", server.Text("properties", "globalValidation", "unauthenticatedClientAction"));
        Assert.All(new[] { app, server }, auth =>
        {
            Assert.Equal("True", auth.Text("properties", "platform", "enabled"));
            Assert.Equal(["/healthz", "/readyz"], auth.At("properties", "globalValidation", "excludedPaths").EnumerateArray()
                .Select(p => p.GetString()));
            Assert.Equal(2, auth.At("properties", "identityProviders", "azureActiveDirectory", "validation", "allowedAudiences")
                .GetArrayLength());
            Assert.Null(auth.Text("properties", "identityProviders", "azureActiveDirectory", "registration", "clientSecretSettingName"));
        });
        Assert.Empty(Deployment.Isolated.OfType("Microsoft.KeyVault/vaults"));
    }

    /// <summary>The header of the signed-in user may be trusted only where something in front sets it.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Auth_SaidToTheProcesses_IsWhatStandsInFront(string name)
    {
        var signIn = Deployment.Of(name).Resources.Any(r => r.Name == "authsettingsV2") && Deployment.Of(name)
            .OfType("Microsoft.App/containerApps/authConfigs").Count == 1;

        Assert.Equal(signIn ? "entra" : "key", Settings.Functions(Deployment.Of(name))["TRIOPS_AUTH"]);
        Assert.Equal(signIn ? "entra" : "key", Settings.Inference(Deployment.Of(name))["TRIOPS_AUTH"]);
    }

    [Fact]
    public void App_Isolated_IsReachedByItsEndpointAndTheNamedAddresses()
    {
        var app = Deployment.Isolated.Single("Microsoft.Web/sites");

        Assert.Equal("Deny", app.Text("properties", "siteConfig", "ipSecurityRestrictionsDefaultAction"));
        Assert.Equal(["203.0.113.7/32", "198.51.100.0/24"], app.At("properties", "siteConfig", "ipSecurityRestrictions").EnumerateArray()
            .Select(r => r.GetProperty("ipAddress").GetString()));
        Assert.EndsWith("/subnets/functions", app.Text("properties", "virtualNetworkSubnetId"), StringComparison.Ordinal);
        Assert.Contains(Deployment.Isolated.OfType("Microsoft.Network/privateEndpoints"),
            e => e.Text("properties", "privateLinkServiceConnections", 0, "properties", "groupIds", 0) == "sites");
    }

    [Theory, MemberData(nameof(Names))]
    public void Uploads_InAzure_ComeByTheQueueOnly(string name)
    {
        var subscription = Deployment.Of(name).Single("Microsoft.EventGrid/systemTopics/eventSubscriptions");

        Assert.Equal($"/blobServices/default/containers/{Containers.Inbox}/blobs/",
            subscription.Text("properties", "filter", "subjectBeginsWith"));
        Assert.Equal("StorageQueue", subscription.Text("properties", "deliveryWithResourceIdentity", "destination", "endpointType"));
        Assert.Equal(Queues.InboxEvents,
            subscription.Text("properties", "deliveryWithResourceIdentity", "destination", "properties", "queueName"));
        Assert.Equal("event-dead-letters",
            subscription.Text("properties", "deadLetterWithResourceIdentity", "deadLetterDestination", "properties", "blobContainerName"));
        Assert.Equal("true", Settings.Functions(Deployment.Of(name))["AzureWebJobs.InboxBlob.Disabled"]);
        Assert.Contains("[Function(\"InboxBlob\")]", Repository.Read("functions", "Triggers", "InboxBlobFunction.cs"),
            StringComparison.Ordinal);
    }
}
