using TriOps.Core;
using TriOps.Core.Storage;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>What every <see cref="ILeases"/> does.</summary>
public abstract class LeasesConformance
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    /// <summary>Leases of the kind under test, none held.</summary>
    protected abstract Task<ILeases> CreateAsync();

    [Fact]
    public async Task Lease_Held_IsNobodyElses()
    {
        var leases = await CreateAsync();
        await using var held = await leases.TryAcquireAsync("timer", Duration, Ct);
        Assert.Equal("timer", held!.Name);
        Assert.Null(await leases.TryAcquireAsync("timer", Duration, Ct));
        Assert.True(await held.RenewAsync(Ct));
    }

    [Fact]
    public async Task Lease_GivenBack_MayBeTakenAndIsNoLongerTheFirstOnes()
    {
        var leases = await CreateAsync();
        var first = await leases.TryAcquireAsync("timer", Duration, Ct);
        await first!.DisposeAsync();
        await using var second = await leases.TryAcquireAsync("timer", Duration, Ct);
        Assert.NotNull(second);
        Assert.False(await first.RenewAsync(Ct));
        await first.DisposeAsync(); // Must not give back what is now the second's.
        Assert.Null(await leases.TryAcquireAsync("timer", Duration, Ct));
    }

    [Fact]
    public async Task Leases_OfOtherNames_DoNotDisturbEachOther()
    {
        var leases = await CreateAsync();
        foreach (var name in (string[])["a", "A", "a'b %2F 表", new('x', 512)])
            Assert.NotNull(await leases.TryAcquireAsync(name, Duration, Ct));
        await Assert.ThrowsAsync<InvalidInputException>(() => leases.TryAcquireAsync("a/b", Duration, Ct));
    }

    [Fact]
    public async Task Lease_WantedByManyAtOnce_GoesToOne()
    {
        var leases = await CreateAsync();
        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => leases.TryAcquireAsync("instance", Duration, Ct)));
        Assert.Single(taken, lease => lease is not null);
    }
}
