using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests.Hooks;

/// <summary>What happens after provisioning, and what is said after deploying.</summary>
public sealed class AfterwardsTests
{
    private const string Url = "https://func-x.azurewebsites.net", Inference = "https://ca-x.swedencentral.azurecontainerapps.io", Client = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public async Task Registration_WithEntra_SendsUsersBackToBothServers()
    {
        using var clouds = Deployed(entra: true);

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        var update = Assert.Single(clouds.Calls, c => c.Contains("--web-redirect-uris", StringComparison.Ordinal));
        Assert.Contains($"--id {Client} --identifier-uris api://{Client} --web-redirect-uris {Url}/.auth/login/aad/callback {Inference}/.auth/login/aad/callback", update, StringComparison.Ordinal);
        Assert.Contains(clouds.Calls, c => c.Contains("\"value\":\"user_impersonation\"", StringComparison.Ordinal));
        Assert.Contains(clouds.Calls, c => c.Contains("preAuthorizedApplications", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Registration_WhoseScopeIsThere_KeepsIt()
    {
        using var clouds = Deployed(entra: true).Az("ad\\ app\\ show*", "99999999-0000-0000-0000-000000000000");

        await clouds.RunAsync("postprovision");

        Assert.DoesNotContain(clouds.Calls, c => c.Contains("oauth2PermissionScopes\":[", StringComparison.Ordinal));
        Assert.Contains(clouds.Calls, c => c.Contains("99999999-0000-0000-0000-000000000000", StringComparison.Ordinal));
    }

    /// <summary>Without a role nobody may do anything, whoever provisioned among them.</summary>
    [Fact]
    public async Task Registration_WithoutRoles_GetsThemAndSoDoesWhoProvisions()
    {
        using var clouds = Deployed(entra: true).Az("ad\\ app\\ show*length*", "0").Az("ad\\ sp\\ show*query\\ id*", "the-app").Az("ad\\ signed-in-user*", "me").Az("ad\\ app\\ show*approver*", "role-a").Az("ad\\ app\\ show*contributor*", "role-c");

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.Contains(clouds.Calls, c => c.StartsWith($"az ad app update --id {Client} --app-roles @", StringComparison.Ordinal) && c.Contains("app-roles.json", StringComparison.Ordinal));
        Assert.Equal(["role-c", "role-a"], clouds.Calls.Where(c => c.StartsWith("az rest --method POST", StringComparison.Ordinal) && c.Contains("/servicePrincipals/the-app/appRoleAssignedTo", StringComparison.Ordinal)).Select(c => c.Split('"')[^2]));
    }

    [Fact]
    public async Task Registration_WithRoles_KeepsThem()
    {
        using var clouds = Deployed(entra: true).Az("ad\\ app\\ show*length*", "5");

        Assert.Equal(0, (await clouds.RunAsync("postprovision")).Code);
        Assert.DoesNotContain(clouds.Calls, c => c.Contains("--app-roles", StringComparison.Ordinal) || c.Contains("appRoleAssignedTo", StringComparison.Ordinal));
    }

    [Fact]
    public void AppRoles_AreThoseThatTheGuardKnows()
    {
        var roles = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Repository.At("infra", "app-roles.json"))).RootElement.EnumerateArray().ToList();
        Assert.Equal(TriOps.Core.Governance.Grant.Words, roles.Select(r => r.GetProperty("value").GetString()));
        Assert.Equal(roles.Count, roles.Select(r => r.GetProperty("id").GetGuid()).Distinct().Count());
    }

    [Fact]
    public async Task Registration_WithoutEntra_IsNotTouched()
    {
        using var clouds = Deployed(entra: false);

        Assert.Equal(0, (await clouds.RunAsync("postprovision")).Code);
        Assert.Empty(clouds.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstSteps_AfterDeploying_NameTheAddressesAndNoSecret(bool entra)
    {
        using var clouds = Deployed(entra).Set("TRIOPS_API_KEY", "a-secret-that-must-not-be-shown");

        var result = await clouds.RunAsync("postdeploy");

        Assert.True(result.Code == 0, result.All);
        Assert.Contains($"--url {Url}", result.Output, StringComparison.Ordinal);
        Assert.Contains(Inference, result.Output, StringComparison.Ordinal);
        Assert.Contains("--account-name stx --container-name inbox", result.Output, StringComparison.Ordinal);
        Assert.Contains(entra ? $"--resource api://{Client}" : "azd env get-value TRIOPS_API_KEY", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-that-must-not-be-shown", result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_Parsed_AreShell()
    {
        foreach (var script in Directory.EnumerateFiles(Repository.At("infra", "hooks")))
        {
            Assert.Equal("", (await Command.RunAsync("bash", Repository.Root, ["-n", script])).All);
            Assert.Equal("", (await Command.RunAsync("/bin/sh", Repository.Root, ["-n", script])).All);
        }
    }

    private static FakeClouds Deployed(bool entra) => new FakeClouds().Set("TRIOPS_ENTRA_AUTH", entra ? "true" : "false").Set("TRIOPS_AUTH_CLIENT_ID", Client)
        .Set("TRIOPS_URL", Url).Set("TRIOPS_INFERENCE_URL", Inference).Set("TRIOPS_STORAGE_ACCOUNT", "stx");
}
