using TriOps.Core;
using TriOps.Core.Workflows;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>Activities, retries, determinism.</summary>
public abstract partial class WorkflowConformance
{
    [Fact]
    public async Task Call_InSequence_PassesResultsOn()
    {
        await BeginAsync(async (w, input) => await w.Call(Step, await w.Call(Step, input)));
        await AssertOutput("in!!");
    }

    [Fact]
    public async Task Call_InParallel_JoinsAllResults()
    {
        await BeginAsync(async (w, _) => string.Join(",", await Task.WhenAll(Enumerable.Range(0, 20).Select(i => w.Call(Step, $"{i}")))));
        await AssertOutput(string.Join(",", Enumerable.Range(0, 20).Select(i => $"{i}!")));
    }

    [Fact]
    public async Task Call_ThatFails_ThrowsTypeAndMessage()
    {
        await BeginAsync(async (w, input) =>
        {
            try { return await w.Call(Step, input); }
            catch (StepFailedException e) { return $"{e.Step}|{e.Failure.ErrorType}|{e.Failure.Message}"; }
        }, step: _ => throw new InvalidOperationException("no luck"));
        await AssertOutput("Step|System.InvalidOperationException|no luck");
    }

    [Fact]
    public async Task Call_ThatFailsUncaught_FailsTheInstanceWithItsFailure()
    {
        await BeginAsync((w, input) => w.Call(Step, input), step: _ => throw new InvalidOperationException("no luck"));
        var found = await FindAsync();
        Assert.Equal((WorkflowStatus.Failed, "System.InvalidOperationException", "no luck"), (found.Status, found.Failure!.ErrorType, found.Failure.Message));
        Assert.Null(found.Output);
    }

    [Fact]
    public async Task Orchestration_ThatThrowsBeforeItsFirstAwait_Fails()
    {
        await BeginAsync((_, _) => throw new ArgumentException("bad input"));
        Assert.Equal("System.ArgumentException", (await FindAsync()).Failure!.ErrorType);
    }

    [Fact]
    public async Task Call_OfRecordsWithEnumsAndNulls_ArrivesWhole()
    {
        var name = new ActivityName<WorkflowStep, WorkflowStep>("Records");
        var sent = new WorkflowStep(3, "ü \"quoted\" 🙂", "activity", new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), null, new StepFailure("T", "m"));
        WorkflowStep? got = null;
        Engine.Activity(name, step => Task.FromResult(step with { Sequence = 4 }));
        await BeginAsync(async (w, _) => { got = await w.Call(name, sent); return ""; });
        Assert.Equal(sent with { Sequence = 4 }, got);
    }

    [Fact]
    public async Task Call_OfNullResult_GivesNull()
    {
        await BeginAsync(async (w, input) => await w.Call(Step, input) is null ? "null" : "not null", step: _ => Task.FromResult<string>(null!));
        await AssertOutput("null");
    }

    [Fact]
    public async Task Call_WithLargePayloads_ArrivesWhole()
    {
        var large = new string('ä', 100_000);
        await BeginAsync(async (w, input) => await w.Call(Step, await w.Call(Step, input)), large);
        await AssertOutput(large + "!!");
        Assert.Equal(large, (await FindAsync()).Input!.Value.GetString());
    }

    [Fact]
    public async Task Retry_AfterFailures_WaitsByBackoffAndSucceeds()
    {
        var times = new List<DateTimeOffset>();
        await BeginAsync((w, input) => w.Call(Step, input, new Retry(5, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(3))), step: text =>
        {
            times.Add(Engine.Now);
            return times.Count < 5 ? throw new TimeoutException() : Task.FromResult(text + "!");
        });
        foreach (var wait in new[] { 1, 2, 3, 3 }) await Engine.AdvanceAsync(TimeSpan.FromSeconds(wait));
        await AssertOutput("in!");
        Assert.Equal([0, 1, 3, 6, 9], times.Select(t => (int)(t - times[0]).TotalSeconds));
    }

    [Fact]
    public async Task Retry_BeforeItsTime_DoesNotTryAgain()
    {
        await BeginAsync((w, input) => w.Call(Step, input, new Retry(2, TimeSpan.FromSeconds(10))), step: Counting(_ => throw new TimeoutException()));
        await Engine.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Single(Calls);
        await Engine.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Calls.Count);
        Assert.Equal(WorkflowStatus.Failed, (await FindAsync()).Status);
    }

    [Fact]
    public async Task Retry_OfPermanentFailure_IsNotTriedAgain()
    {
        await BeginAsync((w, input) => w.Call(Step, input, Retry.Standard), step: Counting(_ => throw new InvalidInputException("bad", "bad")));
        await Engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Single(Calls);
        Assert.True((await FindAsync()).Failure!.IsPermanent);
    }

    [Fact]
    public async Task Retry_PastItsTimeout_StartsNoFurtherAttempt()
    {
        await BeginAsync((w, input) => w.Call(Step, input, new Retry(100, TimeSpan.FromSeconds(10), 1, Timeout: TimeSpan.FromSeconds(25))), step: Counting(_ => throw new TimeoutException()));
        for (var i = 0; i < 5; i++) await Engine.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(3, Calls.Count); // at 0, 10 and 20 s
        Assert.Equal(WorkflowStatus.Failed, (await FindAsync()).Status);
    }

    [Fact]
    public async Task Now_OverDelays_FollowsTheClock()
    {
        var start = Engine.Now;
        await BeginAsync(async (w, _) =>
        {
            var first = w.Now;
            await w.Delay(TimeSpan.FromHours(1));
            return $"{(first - start).TotalHours}|{(w.Now - first).TotalHours}";
        });
        await Engine.AdvanceAsync(TimeSpan.FromHours(1));
        await AssertOutput("0|1");
    }

    [Fact]
    public async Task NewGuidAndNow_AfterARestart_AreTheSame()
    {
        var seen = new List<string>();
        await BeginAsync(async (w, input) =>
        {
            var ids = $"{w.NewGuid()} {w.NewGuid()} {w.Now:O}";
            lock (seen) seen.Add(ids);
            await w.WaitForEvent(Go);
            return ids;
        });
        await Engine.AdvanceAsync(TimeSpan.FromMinutes(5));
        await Engine.CrashAndRestartAsync();
        await RaiseAsync("x");
        await Engine.SettleAsync();
        Assert.True(seen.Count >= 2);
        Assert.Single(seen.Distinct());
        Assert.NotEqual(seen[0].Split(' ')[0], seen[0].Split(' ')[1]);
        await AssertOutput(seen[0]);
    }

    [Fact]
    public async Task NewGuid_OfTwoInstances_Differs()
    {
        await BeginAsync((w, _) => Task.FromResult(w.NewGuid().ToString()));
        await Engine.Workflows.StartAsync(Main, "in", "b", default);
        await Engine.SettleAsync();
        Assert.NotEqual((await FindAsync("a")).Output!.Value.GetString(), (await FindAsync("b")).Output!.Value.GetString());
    }

    [Fact]
    public async Task IsReplaying_DuringARestart_IsTrueUpToTheLastRecordedResult()
    {
        var marks = new List<bool>();
        await BeginAsync(async (w, input) =>
        {
            await w.Call(Step, input);
            lock (marks) marks.Add(w.IsReplaying);
            return await w.WaitForEvent(Go);
        });
        await Engine.CrashAndRestartAsync();
        await RaiseAsync("done");
        await Engine.SettleAsync();
        await AssertOutput("done");
        Assert.Equal([false, true], marks);
    }

    [Fact]
    public async Task Step_ThatIsRecorded_IsNotRunAgainAfterARestart()
    {
        await BeginAsync(async (w, input) => await w.Call(Step, input) + await w.WaitForEvent(Go), step: Counting());
        await Engine.CrashAndRestartAsync();
        await RaiseAsync("x");
        await Engine.SettleAsync();
        await AssertOutput("in!x");
        Assert.Single(Calls);
    }

    [Fact]
    public async Task Branches_ThatEndInAnotherOrderThanTheyBegan_SurviveARestart()
    {
        // Each branch asks for its second step when its first has ended: by counters, replay would give one branch the other's result.
        await BeginAsync(async (w, _) =>
        {
            async Task<string> Branch(string name) => await w.Call(Other, await w.Call(Step, name, new Retry(2, TimeSpan.FromSeconds(10))));
            return string.Join(",", await Task.WhenAll(Branch("slow"), Branch("quick"))) + await w.WaitForEvent(Go);
        }, step: Counting(text => text == "slow" && Calls.Count(c => c == "slow") == 1 ? throw new TimeoutException() : Task.FromResult(text + "!")));
        await Engine.CrashAndRestartAsync();
        await Engine.AdvanceAsync(TimeSpan.FromSeconds(10));
        await Engine.CrashAndRestartAsync();
        await RaiseAsync("x");
        await Engine.SettleAsync();
        await AssertOutput("slow!?,quick!?x");
        Assert.Equal(["other quick!", "other slow!"], Calls.Where(c => c.StartsWith("other", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ForeignTask_Awaited_FailsTheInstance()
    {
        await BeginAsync(async (w, _) => { await new TaskCompletionSource().Task; return "never"; });
        var found = await FindAsync();
        Assert.Equal((WorkflowStatus.Failed, typeof(NonDeterministicException).FullName), (found.Status, found.Failure!.ErrorType));
    }

    [Fact]
    public virtual async Task ForeignTask_AwaitedBesideAnOwnOne_FailsTheInstanceWhenItEnds()
    {
        var foreign = new TaskCompletionSource();
        await BeginAsync(async (w, input) =>
        {
            var own = w.WaitForEvent(Go);
            await foreign.Task;
            return await own;
        });
        Assert.Equal(WorkflowStatus.Running, (await FindAsync()).Status);
        foreign.SetResult();
        await Engine.SettleAsync();
        Assert.Equal(typeof(NonDeterministicException).FullName, (await FindAsync()).Failure!.ErrorType);
    }

    [Fact]
    public virtual async Task ForeignThread_ThatCallsTheWorkflow_FailsTheInstance()
    {
        var foreign = new TaskCompletionSource();
        await BeginAsync(async (w, input) =>
        {
            var own = w.WaitForEvent(Go);
            await foreign.Task.ConfigureAwait(false);
            try { return await w.Call(Step, input); }
            catch (NonDeterministicException) { return "swallowed"; }
        }, step: Counting());
        foreign.SetResult();
        await Engine.SettleAsync();
        Assert.Equal(typeof(NonDeterministicException).FullName, (await FindAsync()).Failure!.ErrorType);
        Assert.Empty(Calls);
    }
}
