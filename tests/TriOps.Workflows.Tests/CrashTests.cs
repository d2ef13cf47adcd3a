using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Journal;
using TriOps.Testing.Fakes;

namespace TriOps.Workflows.Tests;

/// <summary>A host that is killed at any write loses nothing and doubles nothing.</summary>
public sealed class CrashTests
{
    internal static readonly WorkflowName<string, string> Main = new("Main");
    private static readonly WorkflowName<string, string> Child = new("Child");
    private static readonly ActivityName<string, string> Step = new("Step");
    private static readonly EventName<string> Go = new("go");

    [Fact]
    public async Task Host_KilledBeforeEachWrite_EndsWithTheSameResult()
    {
        var writes = await RunAsync(killBefore: int.MaxValue);
        Assert.True(writes > 20, $"only {writes} writes");
        for (var n = 1; n <= writes; n++) await RunAsync(n);
    }

    /// <summary>Activities side by side, a child, a timer, a sent event and continue-as-new; the host is killed before its n-th write and
    /// before every seventh one after that.</summary>
    /// <returns>How many writes an undisturbed run takes.</returns>
    private static async Task<int> RunAsync(int killBefore)
    {
        var store = new MemoryJournalStore();
        await using var engine = new JournalHarness(store, new MemoryBlobs(), new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var writes = 0;
        engine.CutAt = _ => Interlocked.Increment(ref writes) >= killBefore && (writes - killBefore) % 7 == 0;
        Register(engine);
        await engine.StartAsync();
        var crashes = 0;
        for (var round = 0; round < 60; round++)
        {
            try
            {
                await engine.Workflows.StartAsync(Main, "x", "a", default);
                await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
                if (!engine.Cut.IsCompleted && store.IsClean && await engine.Workflows.FindAsync("a", default) is { IsEnded: true }) break;
            }
            catch (OperationCanceledException) when (engine.Cut.IsCompleted) { }
            if (!engine.Cut.IsCompleted) continue;
            crashes++;
            await engine.CrashAndRestartAsync();
        }
        var ended = await store.FindAsync("a", default);
        Assert.True(ended?.Status == WorkflowStatus.Completed, $"killed before write {killBefore}: {ended?.Status} {ended?.Failure}");
        Assert.Equal("x! y! child-z! hello False again", ended!.Output!.Read<string>());
        Assert.True(store.IsClean, $"killed before write {killBefore}: something is left over");
        Assert.Equal(killBefore == int.MaxValue, crashes == 0);
        var history = (await store.LoadAsync("a", default))!.History;
        Assert.Equal(history.OfType<StepScheduled>().Select(s => s.Seq), history.OfType<StepCompleted>().Select(s => s.Seq).Order()); // each exactly once
        Assert.Single(history.OfType<EventRaised>());
        return writes;
    }

    /// <summary>Activities side by side, a child, a timer, a sent event and continue-as-new.</summary>
    internal static void Register(JournalHarness engine)
    {
        engine.Activity(Step, text => Task.FromResult(text + "!"));
        engine.Orchestration(Child, async (w, input) =>
        {
            w.SendEvent("a", Go, "hello");
            return "child-" + await w.Call(Step, input);
        });
        engine.Orchestration(Main, async (w, input) =>
        {
            if (input == "x") { await w.Call(Step, "before"); w.ContinueAsNew("again"); return ""; }
            var both = Task.WhenAll(w.Call(Step, "x"), w.Call(Step, "y"));
            var child = w.CallWorkflow(Child, "z", "kid");
            var results = await both;
            await w.Delay(TimeSpan.FromSeconds(30));
            var first = await w.WaitForEvent(Go);
            var second = await w.WaitForEvent(Go, TimeSpan.FromSeconds(20)); // a message delivered twice would arrive here
            return $"{string.Join(' ', results)} {await child} {first} {second.Arrived} {input}";
        });
    }

    [Fact]
    public async Task Host_ThatLostItsInstance_CannotCommit()
    {
        var store = new MemoryJournalStore();
        await using var old = new JournalHarness(store, new MemoryBlobs(), new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        old.Orchestration(Main, async (w, _) => await w.WaitForEvent(Go));
        await old.StartAsync();
        await old.Workflows.StartAsync(Main, "x", "a", default);
        await old.SettleAsync();
        var taken = (await store.FindAsync("a", default))!;
        await store.CommitAsync(new(taken with { Owner = "another host" }, [], [], []), default);
        await store.BeatAsync(new("another host", "elsewhere", 1, default, DateTimeOffset.MaxValue), default);

        await old.Workflows.RaiseAsync("a", Go, "hello", default);
        await old.SettleAsync();

        var after = (await store.LoadAsync("a", default))!;
        Assert.Equal(("another host", WorkflowStatus.Running), (after.Instance.Owner, after.Instance.Status));
        Assert.Single(after.Inbox); // the event still waits for the owner
    }

    /// <summary>The owner's lease has hours to run. On the same machine its process tells more.</summary>
    [Theory]
    [InlineData("gone", WorkflowStatus.Completed)]
    [InlineData("another of its number", WorkflowStatus.Completed)]
    [InlineData("runs", WorkflowStatus.Pending)]
    public async Task Instance_OfAHostOfThisMachine_IsTakenAtOnceWhenItsProcessIsGone(string process, WorkflowStatus expected)
    {
        var (store, time) = (new MemoryJournalStore(), new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await using var host = new JournalHarness(store, new MemoryBlobs(), time);
        host.Orchestration(Main, (_, input) => Task.FromResult(input));
        var first = new ExecutionStarted(time.GetUtcNow(), "Main", "", 0, null) { Data = Payload.Of("in") };
        await store.CreateAsync(new() { Id = "a", Workflow = "Main", CreatedAt = first.At, UpdatedAt = first.At, Batches = 1, Owner = "another host" }, first.Data, first, default);
        using var me = Process.GetCurrentProcess();
        var (id, started) = process switch
        {
            "gone" => (await EndedProcessAsync(), DateTimeOffset.UtcNow),
            "runs" => (me.Id, me.StartTime.ToUniversalTime()),
            _ => (me.Id, me.StartTime.ToUniversalTime().AddHours(-1)),
        };
        await store.BeatAsync(new("another host", Environment.MachineName, id, started, time.GetUtcNow().AddHours(3)), default);

        await host.StartAsync();

        Assert.Equal(expected, (await host.Workflows.FindAsync("a", default))!.Status);
    }

    private static async Task<int> EndedProcessAsync()
    {
        using var ended = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var id = ended.Id;
        await ended.WaitForExitAsync();
        return id;
    }

    [Fact]
    public async Task Instance_OfAHostWhoseLeaseRuns_IsLeftAloneUntilItEnds()
    {
        var (store, time) = (new MemoryJournalStore(), new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await using var host = new JournalHarness(store, new MemoryBlobs(), time);
        host.Orchestration(Main, (_, input) => Task.FromResult(input));
        var first = new ExecutionStarted(time.GetUtcNow(), "Main", "", 0, null) { Data = Payload.Of("in") };
        await store.CreateAsync(new() { Id = "a", Workflow = "Main", CreatedAt = first.At, UpdatedAt = first.At, Batches = 1, Owner = "another host" }, first.Data, first, default);
        await store.BeatAsync(new("another host", "elsewhere", 1, default, time.GetUtcNow().AddSeconds(10)), default);
        await host.StartAsync();
        Assert.Equal(WorkflowStatus.Pending, (await host.Workflows.FindAsync("a", default))!.Status);
        await host.AdvanceAsync(TimeSpan.FromSeconds(11));
        await host.LookedAsync();
        Assert.Equal(WorkflowStatus.Completed, (await host.Workflows.FindAsync("a", default))!.Status);
    }
}
