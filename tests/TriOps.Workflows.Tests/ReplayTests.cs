using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Journal;
using TriOps.LocalHost.Workflows;

namespace TriOps.Workflows.Tests;

/// <summary>Replay against histories that do not fit, and rows that cannot be read.</summary>
public sealed class ReplayTests
{
    private static readonly ActivityName<string, string> One = new("One");
    private static readonly ActivityName<string, string> Two = new("Two");
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JournalEvent[] History =
    [
        new ExecutionStarted(At, "Main", "", 0, null) { Data = Payload.Of("in") },
        new StepScheduled(At, 0, "One") { Data = Payload.Of("in") },
        new StepCompleted(At, 0) { Data = Payload.Of("done") },
        new StepScheduled(At, 1, "Two") { Data = Payload.Of("done") },
    ];

    [Fact]
    public void History_OfTheSameCode_Replays() => Replay(async (w, input) => await w.Call(Two, await w.Call(One, input)));

    [Fact]
    public void History_OfCodeThatNowAsksForAnotherStep_IsRefused()
    {
        var e = Assert.Throws<NonDeterministicException>(() => Replay(async (w, input) => await w.Call(One, await w.Call(One, input))));
        Assert.Contains("'Two'", e.Message);
        Assert.Contains("'One'", e.Message);
    }

    [Fact]
    public void History_OfCodeThatNowAsksForMore_IsRefused() =>
        Assert.Throws<NonDeterministicException>(() => Replay(async (w, input) => { _ = w.Call(Two, input); return await w.Call(Two, await w.Call(One, input)); }));

    [Fact]
    public void History_OfCodeThatNowAsksForLess_IsRefused() =>
        Assert.Throws<NonDeterministicException>(() => Replay(async (w, input) => { await w.Call(One, input); return await w.WaitForEvent(new EventName<string>("go")); }));

    [Fact]
    public void History_OfCodeThatNowWaitsInAnotherWay_IsRefused() =>
        Assert.Throws<NonDeterministicException>(() => Replay(async (w, input) => { await w.Delay(TimeSpan.FromSeconds(1)); return await w.Call(Two, input); }));

    [Fact]
    public void Rows_OfAnotherFormatVersion_AreRefused()
    {
        var e = Assert.Throws<InvalidDataException>(() => JournalJson.Read<List<JournalEvent>>("""{"v":2,"items":[]}"""));
        Assert.Contains("version 2", e.Message);
    }

    [Fact]
    public void Rows_OfManyEntries_AreSplitAndReadBackInOrder()
    {
        var events = Enumerable.Range(0, 1000).Select(i => (JournalEvent)new StepScheduled(At, i, "One") { Data = Payload.Of(new string('x', 1000)) }).ToList();
        var rows = JournalJson.WriteRows(events, 400_000).ToList();
        Assert.True(rows.Count >= 3 && rows.All(r => r.Length <= 400_000));
        Assert.Equal(Enumerable.Range(0, 1000), rows.SelectMany(JournalJson.Read<List<JournalEvent>>).Cast<StepScheduled>().Select(s => s.Seq));
    }

    [Fact]
    public void RetryClock_Waits_AreDurables()
    {
        // min(first * backoff^(n-1), max); DurableTask.Core's RetryInterceptor.ComputeNextDelay.
        var retry = new Retry(10, TimeSpan.FromSeconds(2), 3, TimeSpan.FromSeconds(30));
        var failure = new StepFailure("T", "m");
        Assert.Equal([2, 6, 18, 30, 30], Enumerable.Range(1, 5).Select(n => RetryClock.Next(retry, n, At, At, failure)!.Value.TotalSeconds));
        Assert.Null(RetryClock.Next(retry, 10, At, At, failure));
        Assert.Equal(TimeSpan.FromHours(1), RetryClock.Next(new(99, TimeSpan.FromHours(1), 10), 50, At, At, failure));
    }

    private static void Replay(Func<IWorkflow, string, Task<string>> main)
    {
        var code = new WorkflowRegistry().AddOrchestration(new WorkflowName<string, string>("Main"), main).Orchestration("Main");
        Replayer.Replay(new OrchestrationRun("a", (ExecutionStarted)History[0], code, NullLogger.Instance), History);
    }
}
