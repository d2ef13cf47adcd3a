using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests.Hooks;

/// <summary>What happens after provisioning, and what is said after deploying.</summary>
public sealed partial class AfterwardsTests
{
    private const string Url = "https://func-x.azurewebsites.net", Inference = "https://ca-x.swedencentral.azurecontainerapps.io",
        Client = "11111111-2222-3333-4444-555555555555";
    private const string Callback = "/.auth/login/aad/callback";

    [Theory, InShells]
    public async Task Registration_WithEntra_SendsUsersBackToBothServers(string shell)
    {
        using var clouds = Deployed(shell, entra: true);

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        var update = Assert.Single(clouds.Calls, c => c.Contains("--web-redirect-uris", StringComparison.Ordinal));
        Assert.EndsWith(
            $"--id {Client} --identifier-uris api://{Client} --web-redirect-uris {Url}{Callback} {Inference}{Callback} --output none",
            update,
            StringComparison.Ordinal);
    }

    /// <summary>
    /// 'az ad app update --set api.…' ends in an error: "Azure CLI cannot set values on nested properties", Azure/azure-cli, issue 23443.
    /// Microsoft Graph takes them, the scope in a request before the one that names it: microsoftgraph/microsoft-graph-docs, issue 20177.
    /// </summary>
    [Theory, InShells]
    public async Task Registration_WithEntra_LetsTheAzureCliAskForTokens(string shell)
    {
        using var clouds = Deployed(shell, entra: true).Az("ad\\ app\\ show*--query\\ id\\ *", "o-1");

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.DoesNotContain(clouds.Calls, c => c.Contains("--set", StringComparison.Ordinal));
        var patches = Patches(clouds, "o-1");
        Assert.Equal(2, patches.Count);
        var scope = Assert.Single(patches[0].GetProperty("oauth2PermissionScopes").EnumerateArray());
        Assert.Equal(2, patches[0].GetProperty("requestedAccessTokenVersion").GetInt32());
        Assert.Equal("user_impersonation", scope.GetProperty("value").GetString());
        Assert.Equal("User", scope.GetProperty("type").GetString());
        Assert.True(scope.GetProperty("isEnabled").GetBoolean());
        var cli = Assert.Single(patches[1].GetProperty("preAuthorizedApplications").EnumerateArray());
        Assert.Equal("04b07795-8ddb-461a-bbee-02f9e1bf7b46", cli.GetProperty("appId").GetString());
        var allowed = Assert.Single(cli.GetProperty("delegatedPermissionIds").EnumerateArray()).GetString()!;
        Assert.Equal(Guid.Parse(scope.GetProperty("id").GetString()!), Guid.Parse(allowed));
    }

    /// <summary>Without a role nobody may do anything, whoever provisioned among them.</summary>
    [Theory, InShells]
    public async Task Registration_WithoutRoles_GetsThemAndSoDoesWhoProvisions(string shell)
    {
        using var clouds = Deployed(shell, entra: true).Az("ad\\ app\\ show*length*", "0").Az("ad\\ sp\\ show*query\\ id*", "the-app")
            .Az("ad\\ signed-in-user*", "me").Az("ad\\ app\\ show*approver*", "role-a").Az("ad\\ app\\ show*contributor*", "role-c");

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.Contains(clouds.Calls, c => c.StartsWith($"az ad app update --id {Client} --app-roles ", StringComparison.Ordinal));
        Assert.Equal(["role-c", "role-a"],
            clouds.Calls.Where(c => c.StartsWith("az rest --method POST", StringComparison.Ordinal)
            && c.Contains("/servicePrincipals/the-app/appRoleAssignedTo", StringComparison.Ordinal)).Select(c => c.Split('"')[^2]));
    }

    [Theory, InShells]
    public async Task Registration_WithRoles_KeepsThem(string shell)
    {
        using var clouds = Deployed(shell, entra: true).Az("ad\\ app\\ show*length*", "5");

        Assert.Equal(0, (await clouds.RunAsync("postprovision")).Code);
        Assert.DoesNotContain(clouds.Calls, c => c.Contains("--app-roles", StringComparison.Ordinal)
            || c.Contains("appRoleAssignedTo", StringComparison.Ordinal));
    }

    [Fact]
    public void AppRoles_AreThoseThatTheGuardKnows()
    {
        var roles =
            System.Text.Json.JsonDocument.Parse(File.ReadAllText(Repository.At("infra", "app-roles.json"))).RootElement.EnumerateArray()
            .ToList();
        Assert.Equal(TriOps.Core.Governance.Grant.Words, roles.Select(r => r.GetProperty("value").GetString()));
        Assert.Equal(roles.Count, roles.Select(r => r.GetProperty("id").GetGuid()).Distinct().Count());
    }

    [Theory, InShells]
    public async Task Registration_WhoseScopeIsThere_KeepsIt(string shell)
    {
        using var clouds = Deployed(shell, entra: true).Az("ad\\ app\\ show*user_impersonation*", "99999999-0000-0000-0000-000000000000")
            .Az("ad\\ app\\ show*--query\\ id\\ *", "o-1");

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        var patch = Assert.Single(Patches(clouds, "o-1"));
        Assert.Equal("99999999-0000-0000-0000-000000000000", patch.GetProperty("preAuthorizedApplications")[0]
            .GetProperty("delegatedPermissionIds")[0].GetString());
    }

    /// <summary>A registration of somebody's own: Graph replaces a list as a whole.</summary>
    [Theory, InShells]
    public async Task Registration_ThatServesOthersToo_KeepsTheirs(string shell)
    {
        using var clouds = Deployed(shell, entra: true).Az("ad\\ app\\ show*identifierUris*", "api://other")
            .Az("ad\\ app\\ show*redirectUris*", "https://one.example/cb\nhttps://two.example/cb")
            .Az("ad\\ app\\ show*oauth2PermissionScopes\\[\\]\\ *", """[ { "id": "s-0", "value": "read" } ]""")
            .Az("ad\\ app\\ show*preAuthorizedApplications*", """[ { "appId": "a-0", "delegatedPermissionIds": [ "s-0" ] } ]""")
            .Az("ad\\ app\\ show*--query\\ id\\ *", "o-1");

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        var update = Assert.Single(clouds.Calls, c => c.Contains("--web-redirect-uris", StringComparison.Ordinal));
        Assert.Contains($" --identifier-uris api://{Client} api://other --web-redirect-uris ", update, StringComparison.Ordinal);
        Assert.Contains($"{Url}{Callback} {Inference}{Callback} https://one.example/cb https://two.example/cb ", update,
            StringComparison.Ordinal);
        var patches = Patches(clouds, "o-1");
        Assert.Equal(["read", "user_impersonation"],
            patches[0].GetProperty("oauth2PermissionScopes").EnumerateArray().Select(s => s.GetProperty("value").GetString()));
        Assert.Equal(["a-0", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"], patches[1].GetProperty("preAuthorizedApplications").EnumerateArray()
            .Select(s => s.GetProperty("appId").GetString()));
    }

    /// <summary>A pipeline's identity may not change registrations; preprovision asks for a finished one.</summary>
    [Theory, InShells]
    public async Task Registration_OnABuildMachine_IsLeftAlone(string shell)
    {
        using var clouds = Deployed(shell, entra: true).Set("CI", "true");

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.DoesNotContain(clouds.Calls, c => Regex.IsMatch(c, "^az (ad|rest) "));
        Assert.Contains("azd hooks run postprovision", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>
    /// "It can take up to 10 minutes for changes to take effect": learn.microsoft.com/azure/role-based-access-control/troubleshooting.
    /// </summary>
    [Theory]
    [InShells(-300, 300)]
    [InShells(-570, 30)]
    [InShells(-4000, 0)]
    [InShells(-40_000_000, 0)]
    [InShells(120, 600)]
    public async Task Roles_MadeSoManySecondsAgo_AreWaitedFor(string shell, int made, int wait)
    {
        var at = TimeProvider.System.GetUtcNow().AddSeconds(made);
        using var clouds = Deployed(shell, entra: false).Az("role\\ assignment\\ list*rg-test/providers*",
            at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture));

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        var waited = clouds.Calls.Where(c => c.StartsWith("sleep ", StringComparison.Ordinal))
            .Select(c => int.Parse(c.Split(' ')[1], CultureInfo.InvariantCulture)).ToList();
        if (wait == 0) Assert.Empty(waited);
        else Assert.InRange(Assert.Single(waited), Math.Max(1, wait - 20), wait + 1);
    }

    /// <summary>Without the Azure CLI nobody knows how old they are; after the first deployment they are old.</summary>
    [Theory]
    [InShells("", 1)]
    [InShells("cr.azurecr.io/trainer:1", 0)]
    public async Task Roles_OfAFirstDeploymentWithoutTheCli_AreWaitedForInFull(string shell, string image, int times)
    {
        using var clouds = new FakeClouds(shell, withAz: false).Set("AZURE_RESOURCE_GROUP", "rg-test")
            .Set("SERVICE_TRAINER_IMAGE_NAME", image);

        var result = await clouds.RunAsync("postprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.Equal(Enumerable.Repeat("sleep 600", times), clouds.Calls);
    }

    [Theory, InShells]
    public async Task Roles_WhoseAgeIsNotTold_AreWarnedAbout(string shell)
    {
        using var clouds = Deployed(shell, entra: false);

        Assert.Contains("wait ten minutes", (await clouds.RunAsync("postprovision")).Errors, StringComparison.Ordinal);
    }

    [Theory, InShells]
    public async Task Registration_WithoutEntra_IsNotTouched(string shell)
    {
        using var clouds = Deployed(shell, entra: false);

        Assert.Equal(0, (await clouds.RunAsync("postprovision")).Code);
        Assert.DoesNotContain(clouds.Calls, c => Regex.IsMatch(c, "^az (ad|rest) "));
    }

    [Theory]
    [InShells(true)]
    [InShells(false)]
    public async Task FirstSteps_AfterDeploying_NameTheAddressesAndNoSecret(string shell, bool entra)
    {
        using var clouds = Deployed(shell, entra).Set("TRIOPS_API_KEY", "a-secret-that-must-not-be-shown");

        var result = await clouds.RunAsync("postdeploy");

        Assert.True(result.Code == 0, result.All);
        Assert.Contains($"--url {Url}", result.Output, StringComparison.Ordinal);
        Assert.Contains(Inference, result.Output, StringComparison.Ordinal);
        Assert.Contains("--account-name stx --container-name inbox", result.Output, StringComparison.Ordinal);
        Assert.Contains(entra ? $"--resource api://{Client}" : "azd env get-value TRIOPS_API_KEY", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-that-must-not-be-shown", result.All, StringComparison.Ordinal);
    }

    [Theory, InShells]
    public async Task Scripts_Parsed_AreOfTheirShell(string shell)
    {
        foreach (var script in Directory.EnumerateFiles(Repository.At("infra", "hooks"), shell == Shell.Posix ? "*.sh" : "*.ps1"))
        {
            if (shell == Shell.Windows)
            {
                var parse = $"[Management.Automation.Language.Parser]::ParseFile('{script}', [ref] $null, [ref] $faults)";
                string[] arguments = ["-NoProfile", "-NonInteractive", "-Command", $"$faults = $null; [void]{parse}; $faults"];
                Assert.Equal("", (await Command.RunAsync(Shell.PowerShell!, Repository.Root, arguments)).All);
                continue;
            }
            Assert.Equal("", (await Command.RunAsync("bash", Repository.Root, ["-n", script])).All);
            Assert.Equal("", (await Command.RunAsync("/bin/sh", Repository.Root, ["-n", script])).All);
        }
    }

    /// <summary>
    /// Where there is no PowerShell to run them: the twins read the same settings, ask the same of az and azd, and end in the same
    /// addresses.
    /// </summary>
    [Theory]
    [InlineData("preprovision")]
    [InlineData("postprovision")]
    [InlineData("postdeploy")]
    public void Scripts_OfAHook_AreTwins(string hook)
    {
        var (posix, windows) = (Repository.Read("infra", "hooks", $"{hook}.sh"), Repository.Read("infra", "hooks", $"{hook}.ps1"));

        foreach (var what in new[] { Settings(), Options(), Addresses() })
        {
            Assert.NotEmpty(what.Matches(posix));
            Assert.Equal(Found(what, posix), Found(what, windows));
        }

        static IEnumerable<string> Found(Regex what, string script) => what.Matches(script).Select(m => m.Value).Distinct()
            .Order(StringComparer.Ordinal);
    }

    private static FakeClouds Deployed(string shell, bool entra) => new FakeClouds(shell)
        .Set("TRIOPS_ENTRA_AUTH", entra ? "true" : "false").Set("TRIOPS_AUTH_CLIENT_ID", Client)
        .Set("AZURE_RESOURCE_GROUP", "rg-test").Set("TRIOPS_URL", Url).Set("TRIOPS_INFERENCE_URL", Inference)
        .Set("TRIOPS_STORAGE_ACCOUNT", "stx");

    /// <summary>What Microsoft Graph was asked to change of "api", in order.</summary>
    private static List<JsonElement> Patches(FakeClouds clouds, string registration)
    {
        var start = $"az rest --method PATCH --url https://graph.microsoft.com/v1.0/applications/{registration} "
            + "--headers Content-Type=application/json --body ";
        return [.. clouds.Calls.Where(c => c.StartsWith("az rest ", StringComparison.Ordinal)).Select(c =>
        {
            Assert.StartsWith(start, c, StringComparison.Ordinal);
            return JsonDocument.Parse(c[start.Length..^" --output none".Length]).RootElement.GetProperty("api");
        })];
    }

    [GeneratedRegex(@"\b(?:(?:TRIOPS|AZURE|SERVICE)_[A-Z_]+|CI)\b")]
    private static partial Regex Settings();

    [GeneratedRegex(@"(?<= )--[a-z-]+")]
    private static partial Regex Options();

    [GeneratedRegex(@"(?:https?|api)://[a-z./0-9]*|/subscriptions/|/resourceGroups/")]
    private static partial Regex Addresses();
}
