using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Activities.Triggers;
using TriOps.Core.Storage;
using TriOps.LocalHost.Triggers;
using TriOps.Testing.Fakes;

namespace TriOps.LocalHost.Tests.Triggers;

public sealed class BlobPollerTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));
    private readonly MemoryBlobs blobs = new();
    private readonly MemoryDocuments<InboxEntry> entries = new();
    private readonly FakeWorkflows workflows = new();
    private Func<string, bool> fails = _ => false;

    [Fact]
    public async Task Poller_NewAndChangedBlobs_StartOneIngestionEach()
    {
        var poller = Poller();
        await UploadAsync("shop/orders/may.csv");
        await UploadAsync("shop/orders/june.csv");
        await poller.PollOnceAsync(Ct);
        Assert.Equal(0, await poller.PollOnceAsync(Ct));
        Assert.Equal(2, workflows.Instances.Count);
        await UploadAsync("shop/orders/may.csv");
        Assert.Equal(1, await poller.PollOnceAsync(Ct));
        Assert.Equal(3, workflows.Instances.Count);
    }

    [Fact]
    public async Task Poller_StartedAgain_NeitherRepeatsNorMisses()
    {
        await UploadAsync("shop/orders/may.csv");
        await Poller().PollOnceAsync(Ct);
        await UploadAsync("shop/orders/june.csv"); // While no poller runs.
        var calls = new FlakyWorkflows(workflows, fails);
        Assert.Equal(1, await Poller(calls).PollOnceAsync(Ct));
        Assert.Equal((1, 2), (calls.Calls, workflows.Instances.Count));
    }

    [Fact]
    public async Task Poller_BlobThatFails_IsTriedFiveTimesWithLongerPausesThenSetAside()
    {
        fails = _ => true;
        await UploadAsync("shop/orders/may.csv");
        var engine = new FlakyWorkflows(workflows, input => fails(input));
        var poller = Poller(engine);
        await poller.PollOnceAsync(Ct);
        foreach (var pause in (int[])[1, 2, 4, 8])
        {
            time.Advance(TimeSpan.FromSeconds(pause - 0.5));
            Assert.Equal(0, await poller.PollOnceAsync(Ct));
            time.Advance(TimeSpan.FromSeconds(0.5));
            Assert.Equal(1, await poller.PollOnceAsync(Ct));
        }
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await poller.PollOnceAsync(Ct));
        Assert.Equal(5, engine.Calls);
        var entry = Assert.Single((await entries.ListAsync("inbox", new(), Ct)).Items).Value;
        Assert.Equal((InboxState.Poison, "shop/orders/may.csv", "The engine is out of reach."), (entry.State, entry.Name, entry.Reason));
        Assert.NotNull(await blobs.FindAsync(new(Containers.Inbox, "shop/orders/may.csv"), Ct));
    }

    [Fact]
    public async Task Poller_PoisonUploadedAgain_IsTriedAnew()
    {
        await UploadAsync("no-dataset.csv");
        await UploadAsync("shop/orders/may.csv");
        fails = _ => true;
        var poller = Poller();
        await poller.PollOnceAsync(Ct);
        Assert.Equal(InboxState.Poison, (await entries.ListAsync("inbox", new(), Ct)).Items.Single().Value.State); // At once: its path cannot get better.
        fails = _ => false;
        await UploadAsync("shop/orders/may.csv");
        await poller.PollOnceAsync(Ct);
        Assert.Single(workflows.Instances);
        await UploadAsync("no-dataset.csv");
        Assert.Equal(1, await poller.PollOnceAsync(Ct));
    }

    [Fact]
    public async Task Poller_OneBlobFails_OthersGoOn()
    {
        fails = input => input.Contains("bad.csv", StringComparison.Ordinal);
        await UploadAsync("shop/orders/bad.csv");
        for (var i = 0; i < 20; i++) await UploadAsync($"shop/orders/{i}.csv");
        await Poller().PollOnceAsync(Ct);
        Assert.Equal(20, workflows.Instances.Count);
    }

    private BlobPoller Poller(FlakyWorkflows? engine = null) =>
        new(blobs, entries, new InboxTrigger(engine ?? new FlakyWorkflows(workflows, input => fails(input))), time, NullLogger<BlobPoller>.Instance);

    private Task<BlobInfo> UploadAsync(string name) => blobs.WriteAsync(new(Containers.Inbox, name), "a,b\n1,2\n"u8.ToArray(), WriteMode.Replace, Ct);
}
