using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Names;
using TriOps.Core.Settings;
using TriOps.Testing.Fakes;

namespace TriOps.Compute.Tests;

public sealed class ServicesTests
{
    private const string Table = $$"""{ "cpu": { "job": "{{FakeArm.Job}}", "pricePerHour": 0.12, "currency": "USD" } }""";

    [Theory]
    [InlineData(null)]
    [InlineData("11111111-2222-3333-4444-555555555555")]
    public async Task Add_WithSettings_IsTheComputeTarget(string? identity)
    {
        await using var services = new ServiceCollection().AddLogging().AddMemoryStores(TimeProvider.System)
            .AddTriOpsContainerAppsJobs(name => name switch
            { SettingNames.ComputeProfiles => Table, SettingNames.Identity => identity, _ => null }).BuildServiceProvider();

        var target = services.GetRequiredService<IComputeTarget>();

        Assert.Equal(AttemptState.Unknown, await target.StateAsync("never", 1, default));
        target.RequireProfile(ProfileName.Default);
        Assert.Contains("one of: cpu", Assert.Throws<InvalidInputException>(() => target.RequireProfile(ProfileName.Parse("t4"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Add_WithoutProfiles_IsRefusedAtOnce() =>
        Assert.Equal("compute-profiles",
            Assert.Throws<InvalidInputException>(() => new ServiceCollection().AddTriOpsContainerAppsJobs(_ => null)).Code);
}
