using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Storage;
using TriOps.Testing.Conformance;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Fakes;

public sealed class MemoryBlobsTests : BlobsConformance
{
    protected override Task<IBlobs> CreateAsync() => Task.FromResult<IBlobs>(new MemoryBlobs());
}

public sealed class MemoryDocumentsTests : DocumentsConformance
{
    protected override Task<IDocuments<Note>> CreateAsync() => Task.FromResult<IDocuments<Note>>(new MemoryDocuments<Note>());
}

public sealed class MemoryQueuesTests : QueuesConformance
{
    private readonly FakeTimeProvider time = new();

    protected override Task<IQueues> CreateAsync() => Task.FromResult<IQueues>(new MemoryQueues(time));

    protected override Task PassOneSecondAsync()
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    }
}

public sealed class MemoryLeasesTests : LeasesConformance
{
    private readonly FakeTimeProvider time = new();

    protected override Task<ILeases> CreateAsync() => Task.FromResult<ILeases>(new MemoryLeases(time));

    [Fact]
    public async Task Lease_NotRenewedInTime_MayBeTakenByAnother()
    {
        var leases = await CreateAsync();
        var first = await leases.TryAcquireAsync("timer", TimeSpan.FromSeconds(30), CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.NotNull(await leases.TryAcquireAsync("timer", TimeSpan.FromSeconds(30), CancellationToken.None));
        Assert.False(await first!.RenewAsync(CancellationToken.None));
    }
}
