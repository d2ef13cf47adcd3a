using System.Text.Json;
using TriOps.Compute;
using TriOps.Core.Settings;

namespace TriOps.Infra.Tests.Template;

/// <summary>Trainer jobs and the inference server.</summary>
public sealed class ContainersTests
{
    public static TheoryData<string> Names => Deployment.Names;

    /// <summary>The workflow tries again; a job that did too would pay twice and confuse attempts.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Jobs_Deployed_NeverTryAgainByThemselves(string name)
    {
        var jobs = Deployment.Of(name).OfType("Microsoft.App/jobs");

        Assert.NotEmpty(jobs);
        Assert.All(jobs, job =>
        {
            Assert.Equal("0", job.Text("properties", "configuration", "replicaRetryLimit"));
            Assert.Equal("Manual", job.Text("properties", "configuration", "triggerType"));
            Assert.True(job.At("properties", "configuration", "replicaTimeout").GetInt32() >= 3600);
            Assert.InRange(job.Name.Length, 2, 32);
        });
    }

    [Fact]
    public void Jobs_WithoutAGpu_AreTheCpuOne() =>
        Assert.Equal("Consumption", Deployment.Plain.Single("Microsoft.App/jobs").Text("properties", "workloadProfileName"));

    [Fact]
    public void Jobs_WithAGpu_AreOnePerProfileOfTheEnvironment()
    {
        var environment = Deployment.Isolated.Single("Microsoft.App/managedEnvironments");
        var profiles = environment.At("properties", "workloadProfiles").EnumerateArray()
            .ToDictionary(p => p.GetProperty("name").GetString()!, p => p.GetProperty("workloadProfileType").GetString()!);

        Assert.Equal(new() { ["Consumption"] = "Consumption", ["gpu"] = "Consumption-GPU-NC24-A100" }, profiles);
        Assert.Equal(profiles.Keys.Order(StringComparer.Ordinal), Deployment.Isolated.OfType("Microsoft.App/jobs")
            .Select(j => j.Text("properties", "workloadProfileName")!).Order(StringComparer.Ordinal));
        Assert.Equal("swedencentral", environment.Text("location"));
    }

    [Theory, MemberData(nameof(Names))]
    public void Profiles_ToldToTheFunctionsApp_AreTheJobs(string name)
    {
        var told = Settings.Functions(Deployment.Of(name))[SettingNames.ComputeProfiles];
        var profiles = ComputeProfiles.Parse(told);

        Assert.Equal(name == "plain" ? ["cpu"] : ["cpu", "gpu"], profiles.Names.Select(n => n.Value));
        Assert.Equal(Deployment.Of(name).OfType("Microsoft.App/jobs").Select(j => j.Id).Order(StringComparer.Ordinal),
            profiles.Names.Select(n => profiles.Get(n).Job).Order(StringComparer.Ordinal));
        Assert.All(profiles.Names, n => Assert.Equal(("USD", true), (profiles.Get(n).Currency, profiles.Get(n).MicrosPerHour > 0)));
    }

    /// <summary>
    /// A deployment changes the image and nothing else: what the placeholder was provisioned with is what the server runs with until the
    /// next provisioning.
    /// </summary>
    [Theory, MemberData(nameof(Names))]
    public void InferenceServer_BeforeAndAfterItsImage_IsAskedAndProbedWhereItListens(string name)
    {
        var app = Deployment.Of(name).Single("Microsoft.App/containerApps");
        var image = Container(app).GetProperty("image").GetString()!;
        Assert.Equal(name == "plain", image.StartsWith("mcr.microsoft.com/", StringComparison.Ordinal));

        Assert.Equal("8080", app.Text("properties", "configuration", "ingress", "targetPort"));
        Assert.Contains("ASPNETCORE_HTTP_PORTS=8080", Repository.Read("src", "TriOps.Inference", "Dockerfile"), StringComparison.Ordinal);
        var probes = Container(app).GetProperty("probes").EnumerateArray()
            .ToDictionary(p => p.GetProperty("type").GetString()!, p => p.GetProperty("httpGet"));
        Assert.Equal(["Liveness", "Readiness", "Startup"], probes.Keys.Order(StringComparer.Ordinal));
        Assert.All(probes.Values, p => Assert.Equal(8080, p.GetProperty("port").GetInt32()));
        var routes = Repository.Read("src", "TriOps.Api", "Resources", "HealthApi.cs");
        Assert.All(probes.Values, p => Assert.Contains($"\"{p.GetProperty("path").GetString()}\"", routes, StringComparison.Ordinal));
        Assert.Equal("/readyz", probes["Readiness"].GetProperty("path").GetString());
        Assert.Equal("/healthz", probes["Liveness"].GetProperty("path").GetString());
    }

    /// <summary>
    /// One that listens on 8080 and answers /healthz, so that it isn't restarted until the first deployment: dotnet/dotnet-docker,
    /// samples/aspnetapp/aspnetapp/Program.cs, <c>app.MapHealthChecks("/healthz")</c>, on .NET images' port (since .NET 8: 8080).
    /// Container Apps' own quickstart listens on 80.
    /// </summary>
    [Fact]
    public void InferenceServer_BeforeItsImage_IsAPlaceholderThatListensThere() =>
        Assert.Equal("mcr.microsoft.com/dotnet/samples:aspnetapp", Container(Deployment.Plain.Single("Microsoft.App/containerApps"))
            .GetProperty("image").GetString());

    [Theory, MemberData(nameof(Names))]
    public void InferenceServer_WithoutRequests_CostsNothing(string name) =>
        Assert.Equal("0", Deployment.Of(name).Single("Microsoft.App/containerApps").Text("properties", "template", "scale", "minReplicas"));

    [Fact]
    public void Environment_Isolated_IsInternalAndFoundByName()
    {
        var environment = Deployment.Isolated.Single("Microsoft.App/managedEnvironments");

        Assert.Equal("True", environment.Text("properties", "vnetConfiguration", "internal"));
        Assert.Equal("Disabled", environment.Text("properties", "publicNetworkAccess"));
        Assert.EndsWith(".defaultDomain, '*')]", Deployment.Isolated.Single("Microsoft.Network/privateDnsZones/A")
            .Text("name"), StringComparison.Ordinal);
    }

    /// <summary>azd puts an image where the service's tag is, on exactly one resource.</summary>
    [Theory]
    [InlineData("plain", new[] { "api", "inference", "trainer" })]
    [InlineData("isolated", new[] { "api", "inference", "trainer", "trainer-gpu" })]
    public void Tags_OfServices_AreOnOneResourceEach(string name, string[] services)
    {
        var tagged = Deployment.Of(name).Resources.Select(r => r.Text("tags", "azd-service-name")).OfType<string>();
        Assert.Equal(services, tagged.Order(StringComparer.Ordinal));
        Assert.NotNull(Deployment.Of(name).Single("Microsoft.Resources/resourceGroups").Text("tags", "azd-env-name"));
    }

    private static JsonElement Container(Resource app) => app.At("properties", "template", "containers", 0);
}
