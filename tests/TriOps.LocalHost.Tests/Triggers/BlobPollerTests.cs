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

    /// <summary>An outage longer than any number of tries: nothing is set aside, and what was uploaded is seen within seconds of its
    /// end.</summary>
    [Fact]
    public async Task Poller_EngineAwayForHours_IsTriedWithPausesUpToTenSecondsAndThenHandled()
    {
        fails = _ => true;
        await UploadAsync("shop/orders/may.csv");
        var poller = Poller();
        await poller.PollOnceAsync(Ct);
        foreach (var pause in (int[])[1, 2, 4, 8, 10, 10, 10])
        {
            time.Advance(TimeSpan.FromSeconds(pause - 0.5));
            Assert.Equal(0, await poller.PollOnceAsync(Ct));
            time.Advance(TimeSpan.FromSeconds(0.5));
            Assert.Equal(1, await poller.PollOnceAsync(Ct));
        }
        Assert.Empty((await entries.ListAsync("inbox", new(), Ct)).Items);
        fails = _ => false;
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await poller.PollOnceAsync(Ct));
        Assert.Equal(InboxState.Handled, Assert.Single((await entries.ListAsync("inbox", new(), Ct)).Items).Value.State);
    }

    /// <summary>A connection that died in an outage may leave a call without an answer for ever.</summary>
    [Fact]
    public async Task Poller_StartThatNeverAnswers_IsGivenUpAndTriedAgain()
    {
        await UploadAsync("shop/orders/may.csv");
        var hung = new TaskCompletionSource();
        var poller = Poller(new FlakyWorkflows(workflows, _ => false, hung.Task));
        var look = poller.PollOnceAsync(Ct);
        Assert.False(look.IsCompleted);
        for (var waited = 0; !look.IsCompleted && waited < 200; waited++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }
        Assert.True(look.IsCompleted);
        hung.SetResult();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await poller.PollOnceAsync(Ct));
        Assert.Single(workflows.Instances);
    }

    /// <summary>A look that failed after a minute of tries is no reason for a pause of minutes.</summary>
    [Fact]
    public async Task Poller_ListingThatFailsSlowly_IsRepeatedAfterASecond()
    {
        var storage = new AwayBlobs(blobs);
        using var poller = new BlobPoller(storage, entries, new InboxTrigger(workflows), time, NullLogger<BlobPoller>.Instance);
        await poller.StartAsync(Ct);
        await storage.AskedAsync();
        time.Advance(BlobPoller.Limit);
        await Task.Yield();
        storage.ComeBack();
        await UploadAsync("shop/orders/may.csv");
        for (var looks = 0; workflows.Instances.Count == 0 && looks < 200; looks++)
        {
            time.Advance(TimeSpan.FromMilliseconds(20)); // Four seconds at most, in steps that let the poller run.
            await Task.Delay(5);
        }
        await poller.StopAsync(Ct);
        Assert.Single(workflows.Instances);
    }

    [Fact]
    public async Task Poller_PoisonUploadedAgain_IsTriedAnew()
    {
        await UploadAsync("no-dataset.csv");
        await UploadAsync("shop/orders/may.csv");
        fails = _ => true;
        var poller = Poller();
        await poller.PollOnceAsync(Ct);
        // At once: its path cannot get better.
        Assert.Equal(InboxState.Poison, (await entries.ListAsync("inbox", new(), Ct)).Items.Single().Value.State);
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
        new(blobs, entries, new InboxTrigger(engine ?? new FlakyWorkflows(workflows, input => fails(input))), time,
            NullLogger<BlobPoller>.Instance);

    private Task<BlobInfo> UploadAsync(string name) =>
        blobs.WriteAsync(new(Containers.Inbox, name), "a,b\n1,2\n"u8.ToArray(), WriteMode.Replace, Ct);
}
