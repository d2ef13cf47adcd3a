using TriOps.Core;
using TriOps.Core.Workflows;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>Activities, retries, timers.</summary>
public abstract partial class WorkflowConformance
{
    [Fact]
    public async Task Call_InSequence_PassesResultsOnAndRunsEachStepOnce()
    {
        await BeginAsync(async (w, input) => await w.Call(Step, await w.Call(Step, await w.Call(Step, input))));
        await AssertOutput("in!!!");
        Assert.Equal(["in", "in!", "in!!"], Script.Calls);
    }

    [Fact]
    public async Task Call_InParallel_JoinsAllResults()
    {
        await BeginAsync(async (w, _) => string.Join(",", await Task.WhenAll(Enumerable.Range(0, 20).Select(i => w.Call(Step, $"{i}")))));
        await AssertOutput(string.Join(",", Enumerable.Range(0, 20).Select(i => $"{i}!")));
    }

    [Fact]
    public async Task Branches_ThatEndInAnotherOrderThanTheyBegan_KeepTheirResults()
    {
        Script.StepCode = async text => { if (text == "slow") await Task.Delay(300); return text + "!"; };
        await BeginAsync(async (w, _) =>
        {
            async Task<string> Branch(string name) => await w.Call(Other, await w.Call(Step, name));
            return string.Join(",", await Task.WhenAll(Branch("slow"), Branch("quick")));
        });
        await AssertOutput("slow!?,quick!?");
    }

    [Fact]
    public async Task Call_ThatFails_ThrowsTypeMessageAndCode()
    {
        Script.StepCode = _ => throw new ConflictException("no-luck", "no \"luck\"");
        await BeginAsync(async (w, input) =>
        {
            try { return await w.Call(Step, input); }
            catch (StepFailedException e) { return $"{e.Step}|{e.Failure.ErrorType}|{e.Failure.Message}|{e.Failure.Code}"; }
        });
        await AssertOutput("Step|TriOps.Core.ConflictException|no \"luck\"|no-luck");
    }

    [Fact]
    public async Task Call_ThatFailsUncaught_FailsTheInstanceWithItsFailure()
    {
        Script.StepCode = _ => throw new InvalidOperationException("no luck");
        await BeginAsync((w, input) => w.Call(Step, input));
        var found = await EndedAsync();
        Assert.Equal((WorkflowStatus.Failed, "System.InvalidOperationException", "no luck"),
            (found.Status, found.Failure!.ErrorType, found.Failure.Message));
        Assert.Null(found.Output);
    }

    [Fact]
    public async Task Orchestration_ThatThrowsBeforeItsFirstAwait_Fails()
    {
        await BeginAsync((_, _) => throw new ArgumentException("bad input"));
        Assert.Equal("System.ArgumentException", (await EndedAsync()).Failure!.ErrorType);
    }

    [Fact]
    public async Task Call_OfRecordsWithEnumsAndNulls_ArrivesWhole()
    {
        var sent = new WorkflowStep(3, "ü \"quoted\" 🙂", "activity", new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), null,
            new StepFailure("T", "m"));
        WorkflowStep? got = null;
        await BeginAsync(async (w, _) => { got = await w.Call(WorkflowScript.Records, sent); return ""; });
        await AssertOutput("");
        Assert.Equal(sent with { Sequence = 4 }, got);
    }

    [Fact]
    public async Task Call_OfNullResult_GivesNull()
    {
        Script.StepCode = _ => Task.FromResult<string>(null!);
        await BeginAsync(async (w, input) => await w.Call(Step, input) is null ? "null" : "not null");
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
    public async Task Retry_AfterFailures_Succeeds()
    {
        var tries = 0;
        Script.StepCode = text => Interlocked.Increment(ref tries) < 3 ? throw new TimeoutException() : Task.FromResult(text + tries);
        await BeginAsync((w, input) => w.Call(Step with { Retry = new Retry(3, TimeSpan.FromSeconds(1), 1) }, input));
        await AssertOutput("in3");
    }

    [Fact]
    public async Task Retry_UsedUp_FailsWithTheLastFailure()
    {
        Script.StepCode = _ => throw new TimeoutException($"try {Script.Calls.Count}");
        await BeginAsync((w, input) => w.Call(Step with { Retry = new Retry(2, TimeSpan.FromSeconds(1)) }, input));
        Assert.Equal("try 2", (await EndedAsync()).Failure!.Message);
    }

    [Fact]
    public async Task Retry_OfPermanentFailure_IsNotTriedAgain()
    {
        Script.StepCode = _ => throw new InvalidInputException("bad", "bad");
        await BeginAsync((w, input) => w.Call(Step with { Retry = Retry.Standard }, input));
        Assert.True((await EndedAsync()).Failure!.IsPermanent);
        Assert.Single(Script.Calls);
    }

    /// <summary>Azure Storage hides a timer's message for whole seconds, rounded down: a wait of a second was often none.</summary>
    [Fact]
    public async Task Delay_OfASecondOrSo_IsNeverEarly()
    {
        await BeginAsync(async (w, _) =>
        {
            var waits = new List<double>();
            foreach (var seconds in new[] { 1, 1.4, 1.9 })
            {
                var from = w.Now;
                await w.Delay(TimeSpan.FromSeconds(seconds));
                waits.Add((w.Now - from).TotalSeconds - seconds);
            }
            return waits.All(late => late is > -0.05 and < 10) ? "on time" : string.Join(", ", waits);
        });
        await AssertOutput("on time");
    }

    [Fact]
    public async Task Delay_OfNothing_IsOverAtOnce()
    {
        await BeginAsync(async (w, input) => { await w.Delay(TimeSpan.Zero); return input; });
        await AssertOutput("in");
        Assert.Empty(await Engine.Workflows.StepsAsync(Id(), default));
    }

    [Fact]
    public async Task Delay_Cancelled_ThrowsAndLeavesNothingOpen()
    {
        await BeginAsync(async (w, _) =>
        {
            using var cts = new CancellationTokenSource();
            var timer = w.Delay(TimeSpan.FromDays(1), cts.Token);
            await w.Call(Step, "x");
            cts.Cancel(); // on this thread: CancelAsync would leave it
            try { await timer; return "fired"; }
            catch (OperationCanceledException) { return "cancelled"; }
        });
        await AssertOutput("cancelled");
    }

    [Fact]
    public async Task Retry_ThatCouldNotWork_IsRefused()
    {
        await BeginAsync((w, input) => w.Call(Step with { Retry = new Retry(0, TimeSpan.FromSeconds(1)) }, input));
        Assert.Equal("System.ArgumentException", (await EndedAsync()).Failure!.ErrorType);
    }
}
