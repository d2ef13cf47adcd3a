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

    /// <summary>The client repeats a write whose answer it did not get, and is refused: by its own first write.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Host_ThatLosesTheAnswerOfEveryNthCommit_EndsWithTheSameResult(int n)
    {
        var scope = azurite.NewScope();
        await using var services = await scope.CreateAsync();
        var tables = services.GetRequiredService<StorageClients>().Tables.Uri;
        await using var relay = new LossyRelay(tables.Port);
        var lossy = new StorageClients(scope.Options with { ConnectionString = scope.ConnectionString.Replace($"{tables.Host}:{tables.Port}", $"{tables.Host}:{relay.Port}", StringComparison.Ordinal) });
        var store = new TableJournalStore(lossy);
        await store.InitializeAsync(default);
        await using var engine = new JournalHarness(store, services.GetRequiredService<IBlobs>(), new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        CrashTests.Register(engine);
        await engine.StartAsync();
        var commits = 0;
        relay.Loses = line => line.Contains("$batch", StringComparison.Ordinal) && Interlocked.Increment(ref commits) % n == 0;

        await engine.Workflows.StartAsync(CrashTests.Main, "x", "a", default);
        for (var round = 0; round < 60 && await engine.Workflows.FindAsync("a", default) is not { IsEnded: true }; round++)
        {
            await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
            await engine.LookedAsync();
        }

        Assert.True(relay.Lost >= 2, $"only {relay.Lost} answers were lost");
        var stored = (await store.LoadAsync("a", default))!;
        Assert.Equal(WorkflowStatus.Completed, stored.Instance.Status);
        Assert.Equal("x! y! child-z! hello False again", stored.Instance.Output!.Read<string>());
        Assert.Equal(stored.History.OfType<StepScheduled>().Select(s => s.Seq), stored.History.OfType<StepCompleted>().Select(s => s.Seq).Order()); // each exactly once
        Assert.Single(stored.History.OfType<EventRaised>());
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
