using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests.Hooks;

/// <summary>What is asked and made before anything is created.</summary>
public sealed class PreprovisionTests
{
    private const string Supported = "containerapp\\ env\\ workload-profile\\ list-supported*", Usages = "containerapp\\ list-usages*",
        Registration = "ad\\ app\\ create*";

    [Theory, InShells]
    public async Task Key_WithoutEntra_IsMadeKeptAndNeverShown(string shell)
    {
        using var clouds = new FakeClouds(shell, withAz: false);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(0, result.Code);
        var key = Assert.Single(clouds.Kept, k => k.StartsWith("TRIOPS_API_KEY ", StringComparison.Ordinal)).Split(' ')[^1];
        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.DoesNotContain(key, result.All, StringComparison.Ordinal);
    }

    [Theory, InShells]
    public async Task Key_ThatIsThere_IsLeftAlone(string shell)
    {
        using var clouds = new FakeClouds(shell).Set("TRIOPS_API_KEY", "one-that-was-there-already");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(0, result.Code);
        Assert.Empty(clouds.Kept);
        Assert.DoesNotContain("one-that-was-there-already", result.All, StringComparison.Ordinal);
    }

    [Theory, InShells]
    public async Task Key_MadeTwice_IsAnother(string shell)
    {
        using var clouds = new FakeClouds(shell);
        await clouds.RunAsync("preprovision");
        await clouds.RunAsync("preprovision");

        Assert.Equal(2, clouds.Kept.Distinct().Count());
    }

    [Theory]
    [InShells("T4", "Consumption-GPU-NC8as-T4", "ManagedEnvironmentConsumptionT4Gpus")]
    [InShells("A100", "Consumption-GPU-NC24-A100", "ManagedEnvironmentConsumptionNCA100Gpus")]
    public async Task Gpu_OfferedAndLeft_IsLetThrough(string shell, string gpu, string profile, string quota)
    {
        using var clouds = Gpu(shell, gpu).Set("TRIOPS_GPU_LOCATION", "Sweden Central").Az(Supported, $"Consumption\n{profile}\nD4")
            .Az(Usages, "2.0\t1.0");

        var result = await clouds.RunAsync("preprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.Contains($"{profile} in swedencentral, 1 of 2 in use", result.Errors, StringComparison.Ordinal);
        Assert.Contains(clouds.Calls, c => c.Contains("--location swedencentral", StringComparison.Ordinal)
            && c.Contains(quota, StringComparison.Ordinal));
    }

    [Theory, InShells]
    public async Task Gpu_NotOfferedInTheRegion_Stops(string shell)
    {
        using var clouds = Gpu(shell, "A100").Az(Supported, "Consumption\nConsumption-GPU-NC8as-T4\nNC24-A100");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("no Consumption-GPU-NC24-A100 in westeurope", result.Errors, StringComparison.Ordinal);
        Assert.Contains("azd env set TRIOPS_GPU_LOCATION", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InShells("0\t0")]
    [InShells("1.0\t1.0")]
    public async Task Gpu_WithoutQuota_Stops(string shell, string usage)
    {
        using var clouds = Gpu(shell, "T4").Az(Supported, "Consumption-GPU-NC8as-T4").Az(Usages, usage);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("Ask for more in the portal", result.Errors, StringComparison.Ordinal);
    }

    [Theory, InShells]
    public async Task Gpu_WhoseQuotaIsNotTold_IsWarnedAbout(string shell)
    {
        using var clouds = Gpu(shell, "T4").Az(Supported, "Consumption-GPU-NC8as-T4").Az(Usages, "");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(0, result.Code);
        Assert.Contains("WARNING", result.Errors, StringComparison.Ordinal);
    }

    [Theory, InShells]
    public async Task Gpu_WhenNobodyIsSignedIn_Stops(string shell)
    {
        using var clouds = Gpu(shell, "T4").Az(Supported, "", code: 1);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("az login", result.Errors, StringComparison.Ordinal);
    }

    [Theory, InShells]
    public async Task Gpu_OfAnotherName_Stops(string shell)
    {
        using var clouds = Gpu(shell, "H100");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("none, T4 or A100", result.Errors, StringComparison.Ordinal);
        Assert.Empty(clouds.Calls);
    }

    [Theory, InShells]
    public async Task Registration_WithEntra_IsMadeOnceAndNoKeyIs(string shell)
    {
        using var clouds = new FakeClouds(shell).Set("TRIOPS_ENTRA_AUTH", "true").Az(Registration, "11111111-2222-3333-4444-555555555555");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(0, result.Code);
        Assert.Equal(["TRIOPS_AUTH_CLIENT_ID 11111111-2222-3333-4444-555555555555"], clouds.Kept);

        using var again = new FakeClouds(shell).Set("TRIOPS_ENTRA_AUTH", "true")
            .Set("TRIOPS_AUTH_CLIENT_ID", "11111111-2222-3333-4444-555555555555");
        Assert.Equal(0, (await again.RunAsync("preprovision")).Code);
        Assert.Empty(again.Kept);
        Assert.DoesNotContain(again.Calls, c => c.Contains("ad app create", StringComparison.Ordinal));
    }

    [Theory, InShells]
    public async Task Registration_ThatMayNotBeMade_StopsAndSaysWhatToDo(string shell)
    {
        using var clouds = new FakeClouds(shell).Set("TRIOPS_ENTRA_AUTH", "true").Az(Registration, "", code: 1);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("azd env set TRIOPS_AUTH_CLIENT_ID", result.Errors, StringComparison.Ordinal);
        Assert.Empty(clouds.Kept);
    }

    [Theory, InShells]
    public async Task Budget_WithoutABeginning_BeginsOnTheFirstOfAMonth(string shell)
    {
        using var clouds = new FakeClouds(shell).Set("TRIOPS_API_KEY", "there").Set("TRIOPS_MONTHLY_BUDGET", "100");
        await clouds.RunAsync("preprovision");
        Assert.Matches(@"^TRIOPS_BUDGET_START \d{4}-\d{2}-01$", Assert.Single(clouds.Kept));

        using var begun = new FakeClouds(shell).Set("TRIOPS_API_KEY", "there").Set("TRIOPS_MONTHLY_BUDGET", "100")
            .Set("TRIOPS_BUDGET_START", "2026-01-01");
        await begun.RunAsync("preprovision");
        Assert.Empty(begun.Kept);
    }

    /// <summary>A build machine's azd environment is new each time: what it would make, nobody would know tomorrow.</summary>
    [Theory]
    [InShells("false", "secret TRIOPS_API_KEY")]
    [InShells("true", "variable TRIOPS_AUTH_CLIENT_ID")]
    public async Task Secrets_OnABuildMachine_AreAskedForNotMade(string shell, string entra, string wanted)
    {
        using var clouds = new FakeClouds(shell).Set("CI", "true").Set("TRIOPS_ENTRA_AUTH", entra);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains(wanted, result.Errors, StringComparison.Ordinal);
        Assert.Empty(clouds.Kept);
        Assert.DoesNotContain(clouds.Calls, c => c.StartsWith("az ad ", StringComparison.Ordinal));
    }

    [Theory, InShells]
    public async Task Images_ThatRunNow_AreKeptUntilTheNextDeployment(string shell)
    {
        const string Image = "cr.azurecr.io/inference:1";
        // One asks az for the image, the other for the apps.
        var answer = shell == Shell.Posix ? Image : """
            [ { "tags": { "azd-service-name": "other" } },
              { "tags": { "azd-service-name": "inference" },
                  "properties": { "template": { "containers": [ { "image": "cr.azurecr.io/inference:1" } ] } } } ]
            """;
        using var clouds = new FakeClouds(shell).Set("TRIOPS_API_KEY", "there").Set("SERVICE_TRAINER_IMAGE_NAME", "known")
            .Az("containerapp\\ job\\ list*rg-test*", "").Az("containerapp\\ list*rg-test*", answer);

        var result = await clouds.RunAsync("preprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.Equal([$"SERVICE_INFERENCE_IMAGE_NAME {Image}"], clouds.Kept);
        if (shell == Shell.Posix) Assert.Contains(clouds.Calls, c => c.Contains("[?tags.\"azd-service-name\"=='inference']",
            StringComparison.Ordinal));
    }

    [Theory]
    [InShells("West Europe\nSweden Central", 0)]
    [InShells("westeurope", 0)]
    [InShells("swedencentral\nwesteurope2", 1)]
    [InShells("", 0)]
    public async Task Region_WithoutTheFlexPlan_Stops(string shell, string offered, int code)
    {
        using var clouds = new FakeClouds(shell).Set("TRIOPS_API_KEY", "there")
            .Az("functionapp\\ list-flexconsumption-locations*", offered);

        var result = await clouds.RunAsync("preprovision");

        Assert.True(result.Code == code, result.All);
        Assert.Equal(code == 1, result.Errors.Contains("not offered in westeurope", StringComparison.Ordinal));
        Assert.Equal(code == 1, result.Errors.Contains("azd env set AZURE_LOCATION", StringComparison.Ordinal));
    }

    /// <summary>
    /// Registries refuse to build on free credits: Azure-Samples/azure-search-openai-demo, issue 2592. azd then builds where it runs, if it
    /// can: "remoteBuild" in azd's schema.
    /// </summary>
    [Theory]
    [InShells("FreeTrial_2014-09-01", "", true)]
    [InShells("FreeTrial_2014-09-01", "docker", false)]
    [InShells("AzureForStudents_2018-01-01", "podman", false)]
    [InShells("AzureForStudents_2018-01-01", "", true)]
    [InShells("PayAsYouGo_2014-09-01", "", false)]
    public async Task Subscription_OnFreeCreditsWithoutABuilder_IsWarnedAbout(string shell, string offer, string builder, bool warned)
    {
        using var clouds = new FakeClouds(shell).Set("TRIOPS_API_KEY", "there").Set("AZURE_SUBSCRIPTION_ID", "s-1")
            .Az("rest*--method\\ GET*/subscriptions/s-1\\?*", offer);
        if (builder != "") clouds.With(builder);

        var result = await clouds.RunAsync("preprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.Equal(warned, result.Errors.Contains("TasksOperationsNotAllowed", StringComparison.Ordinal));
    }

    [PowerShellFact]
    public void Hooks_ForWindows_AreRunHere() => Assert.Contains(Shell.Windows, Shell.Here);

    private static FakeClouds Gpu(string shell, string gpu) => new FakeClouds(shell).Set("TRIOPS_GPU", gpu).Set("TRIOPS_API_KEY", "there");
}
