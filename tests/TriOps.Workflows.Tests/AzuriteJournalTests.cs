using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Journal;
using TriOps.Storage;
using TriOps.Testing;
using TriOps.Testing.Conformance;

namespace TriOps.Workflows.Tests;

/// <summary>The journal over tables and blobs: all of the suite, on Azurite.</summary>
public sealed class AzuriteJournalTests(AzuriteFixture azurite) : WorkflowConformance, IClassFixture<AzuriteFixture>
{
    protected override WorkflowHarness Create()
    {
        var services = azurite.NewScope().CreateAsync().GetAwaiter().GetResult();
        var store = new TableJournalStore(services.GetRequiredService<StorageClients>());
        return new JournalHarness(store, services.GetRequiredService<IBlobs>(), new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public async Task Commit_OfARowThatChanged_WritesNothing()
    {
        await using var services = await azurite.NewScope().CreateAsync();
        var store = new TableJournalStore(services.GetRequiredService<StorageClients>());
        await store.InitializeAsync(default);
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var first = new ExecutionStarted(at, "Main", "", 0, null);
        var created = (await store.CreateAsync(new() { Id = "a", Workflow = "Main", CreatedAt = at, UpdatedAt = at, Batches = 1 }, null, first, default))!;
        Assert.Null(await store.CreateAsync(created, null, first, default));
        var (won, _) = await store.CommitAsync(new(created with { Begun = true, Batches = 2 }, [new StepScheduled(at, 0, "Winner")], [], []), default);

        var e = await Assert.ThrowsAsync<ConflictException>(() => store.CommitAsync(new(created with { Begun = true, Batches = 3 }, [new StepScheduled(at, 0, "Loser")], [], []), default));

        Assert.Equal("journal-fenced", e.Code);
        var stored = (await store.LoadAsync("a", default))!;
        Assert.Equal(["Winner"], stored.History.OfType<StepScheduled>().Select(s => s.Name));
        Assert.Equal(won.ETag, stored.Instance.ETag);
    }
}
