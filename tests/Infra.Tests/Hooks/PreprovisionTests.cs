using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests.Hooks;

/// <summary>What is asked and made before anything is created.</summary>
public sealed class PreprovisionTests
{
    private const string Supported = "containerapp\\ env\\ workload-profile\\ list-supported*", Usages = "containerapp\\ list-usages*", Registration = "ad\\ app\\ create*";

    [Fact]
    public async Task Key_WithoutEntra_IsMadeKeptAndNeverShown()
    {
        using var clouds = new FakeClouds(withAz: false);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(0, result.Code);
        var key = Assert.Single(clouds.Kept, k => k.StartsWith("TRIOPS_API_KEY ", StringComparison.Ordinal)).Split(' ')[^1];
        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.DoesNotContain(key, result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_ThatIsThere_IsLeftAlone()
    {
        using var clouds = new FakeClouds().Set("TRIOPS_API_KEY", "one-that-was-there-already");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(0, result.Code);
        Assert.Empty(clouds.Kept);
        Assert.DoesNotContain("one-that-was-there-already", result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_MadeTwice_IsAnother()
    {
        using var clouds = new FakeClouds();
        await clouds.RunAsync("preprovision");
        await clouds.RunAsync("preprovision");

        Assert.Equal(2, clouds.Kept.Distinct().Count());
    }

    [Theory]
    [InlineData("T4", "Consumption-GPU-NC8as-T4", "ManagedEnvironmentConsumptionT4Gpus")]
    [InlineData("A100", "Consumption-GPU-NC24-A100", "ManagedEnvironmentConsumptionNCA100Gpus")]
    public async Task Gpu_OfferedAndLeft_IsLetThrough(string gpu, string profile, string quota)
    {
        using var clouds = Gpu(gpu).Set("TRIOPS_GPU_LOCATION", "Sweden Central").Az(Supported, $"Consumption\n{profile}\nD4").Az(Usages, "2.0\t1.0");

        var result = await clouds.RunAsync("preprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.Contains($"{profile} in swedencentral, 1 of 2 in use", result.Errors, StringComparison.Ordinal);
        Assert.Contains(clouds.Calls, c => c.Contains("--location swedencentral", StringComparison.Ordinal) && c.Contains(quota, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gpu_NotOfferedInTheRegion_Stops()
    {
        using var clouds = Gpu("A100").Az(Supported, "Consumption\nConsumption-GPU-NC8as-T4\nNC24-A100");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("no Consumption-GPU-NC24-A100 in westeurope", result.Errors, StringComparison.Ordinal);
        Assert.Contains("azd env set TRIOPS_GPU_LOCATION", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0\t0")]
    [InlineData("1.0\t1.0")]
    public async Task Gpu_WithoutQuota_Stops(string usage)
    {
        using var clouds = Gpu("T4").Az(Supported, "Consumption-GPU-NC8as-T4").Az(Usages, usage);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("Ask for more in the portal", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gpu_WhoseQuotaIsNotTold_IsWarnedAbout()
    {
        using var clouds = Gpu("T4").Az(Supported, "Consumption-GPU-NC8as-T4").Az(Usages, "");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(0, result.Code);
        Assert.Contains("WARNING", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gpu_WhenNobodyIsSignedIn_Stops()
    {
        using var clouds = Gpu("T4").Az(Supported, "", code: 1);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("az login", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gpu_OfAnotherName_Stops()
    {
        using var clouds = Gpu("H100");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("none, T4 or A100", result.Errors, StringComparison.Ordinal);
        Assert.Empty(clouds.Calls);
    }

    [Fact]
    public async Task Registration_WithEntra_IsMadeOnceAndNoKeyIs()
    {
        using var clouds = new FakeClouds().Set("TRIOPS_ENTRA_AUTH", "true").Az(Registration, "11111111-2222-3333-4444-555555555555");

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(0, result.Code);
        Assert.Equal(["TRIOPS_AUTH_CLIENT_ID 11111111-2222-3333-4444-555555555555"], clouds.Kept);

        using var again = new FakeClouds().Set("TRIOPS_ENTRA_AUTH", "true").Set("TRIOPS_AUTH_CLIENT_ID", "11111111-2222-3333-4444-555555555555");
        Assert.Equal(0, (await again.RunAsync("preprovision")).Code);
        Assert.Empty(again.Kept);
        Assert.DoesNotContain(again.Calls, c => c.Contains("ad app create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Registration_ThatMayNotBeMade_StopsAndSaysWhatToDo()
    {
        using var clouds = new FakeClouds().Set("TRIOPS_ENTRA_AUTH", "true").Az(Registration, "", code: 1);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains("azd env set TRIOPS_AUTH_CLIENT_ID", result.Errors, StringComparison.Ordinal);
        Assert.Empty(clouds.Kept);
    }

    [Fact]
    public async Task Budget_WithoutABeginning_BeginsOnTheFirstOfAMonth()
    {
        using var clouds = new FakeClouds().Set("TRIOPS_API_KEY", "there").Set("TRIOPS_MONTHLY_BUDGET", "100");
        await clouds.RunAsync("preprovision");
        Assert.Matches(@"^TRIOPS_BUDGET_START \d{4}-\d{2}-01$", Assert.Single(clouds.Kept));

        using var begun = new FakeClouds().Set("TRIOPS_API_KEY", "there").Set("TRIOPS_MONTHLY_BUDGET", "100").Set("TRIOPS_BUDGET_START", "2026-01-01");
        await begun.RunAsync("preprovision");
        Assert.Empty(begun.Kept);
    }

    /// <summary>A build machine's azd environment is new each time: what it would make, nobody would know tomorrow.</summary>
    [Theory]
    [InlineData("false", "secret TRIOPS_API_KEY")]
    [InlineData("true", "variable TRIOPS_AUTH_CLIENT_ID")]
    public async Task Secrets_OnABuildMachine_AreAskedForNotMade(string entra, string wanted)
    {
        using var clouds = new FakeClouds().Set("CI", "true").Set("TRIOPS_ENTRA_AUTH", entra);

        var result = await clouds.RunAsync("preprovision");

        Assert.Equal(1, result.Code);
        Assert.Contains(wanted, result.Errors, StringComparison.Ordinal);
        Assert.Empty(clouds.Calls);
    }

    [Fact]
    public async Task Images_ThatRunNow_AreKeptUntilTheNextDeployment()
    {
        using var clouds = new FakeClouds().Set("TRIOPS_API_KEY", "there").Set("SERVICE_TRAINER_IMAGE_NAME", "known")
            .Az("containerapp\\ job\\ list*rg-test*trainer-gpu*", "").Az("containerapp\\ list*rg-test*inference*", "cr.azurecr.io/inference:1");

        var result = await clouds.RunAsync("preprovision");

        Assert.True(result.Code == 0, result.All);
        Assert.Equal(["SERVICE_INFERENCE_IMAGE_NAME cr.azurecr.io/inference:1"], clouds.Kept);
    }

    private static FakeClouds Gpu(string gpu) => new FakeClouds().Set("TRIOPS_GPU", gpu).Set("TRIOPS_API_KEY", "there");
}
