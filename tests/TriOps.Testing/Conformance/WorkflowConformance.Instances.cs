using System.Diagnostics.Metrics;
using TriOps.Core;
using TriOps.Core.Telemetry;
using TriOps.Core.Workflows;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>Children, and the client's view: start, find, list, steps, terminate, purge.</summary>
public abstract partial class WorkflowConformance
{
    [Fact]
    public async Task Child_ReturnsItsResultAndNamesItsParent()
    {
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid"));
        await AssertOutput("child of in");
        Assert.Equal("a", (await FindAsync("kid")).ParentId);
    }

    [Fact]
    public async Task Child_WithoutAnId_GetsOneThatStepsShow()
    {
        await BeginAsync(async (w, input) => await w.CallWorkflow(Child, "1") + await w.CallWorkflow(Child, "2"));
        await AssertOutput("child of 1child of 2");
        var ids = (await Engine.Workflows.StepsAsync("a", default)).Select(s => s.ChildId!).ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal("a", (await FindAsync(ids[0])).ParentId);
    }

    [Fact]
    public async Task Child_ThatFails_ThrowsItsFailure()
    {
        await BeginAsync(async (w, input) =>
        {
            try { return await w.CallWorkflow(Child, input); }
            catch (StepFailedException e) { return $"{e.Step}|{e.Failure.ErrorType}|{e.Failure.Message}"; }
        }, child: (_, _) => throw new TimeoutException("too slow"));
        await AssertOutput("Child|System.TimeoutException|too slow");
    }

    [Fact]
    public async Task Child_ThatFails_IsTriedAgainUnderTheSameId()
    {
        var tries = 0;
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid", new Retry(3, TimeSpan.FromSeconds(1))),
            child: (w, input) => Interlocked.Increment(ref tries) < 3 ? throw new TimeoutException() : Task.FromResult(input + tries));
        await Engine.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Engine.AdvanceAsync(TimeSpan.FromSeconds(2));
        await AssertOutput("in3");
        await AssertOutput("in3", "kid");
    }

    [Fact]
    public async Task Child_OfAnIdThatRuns_IsJoined()
    {
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid"), child: async (w, input) => input + await w.WaitForEvent(Go));
        await Engine.Workflows.StartAsync(Main, "other", "b", default);
        await Engine.SettleAsync();
        await RaiseAsync("!", id: "kid");
        await Engine.SettleAsync();
        await AssertOutput("in!");
        await AssertOutput("in!", "b");
    }

    [Fact]
    public async Task Child_OfAnIdThatHasCompleted_IsJoined()
    {
        await BeginAsync(async (w, input) => { await w.WaitForEvent(Go); return await w.CallWorkflow(Child, input, "kid"); });
        await Engine.Workflows.StartAsync(Child, "earlier", "kid", default);
        await Engine.SettleAsync();
        await RaiseAsync("");
        await Engine.SettleAsync();
        await AssertOutput("child of earlier");
    }

    [Fact]
    public async Task Child_AcrossARestart_TellsItsParent()
    {
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid"), child: async (w, input) => input + await w.WaitForEvent(Go));
        await Engine.CrashAndRestartAsync();
        await RaiseAsync("!", id: "kid");
        await Engine.SettleAsync();
        await AssertOutput("in!");
    }

    [Fact]
    public async Task Children_ManyAtOnce_AllReturn()
    {
        await BeginAsync(async (w, _) => (await Task.WhenAll(Enumerable.Range(0, 30).Select(i => w.CallWorkflow(Child, $"{i}")))).Length.ToString());
        await AssertOutput("30");
    }

    [Fact]
    public async Task Start_OfAKnownId_ChangesNothing()
    {
        await BeginAsync((w, input) => Task.FromResult(input));
        Assert.False(await Engine.Workflows.StartAsync(Main, "again", "a", default));
        await Engine.SettleAsync();
        await AssertOutput("in");
    }

    [Theory]
    [InlineData(""), InlineData("a/b"), InlineData("@a"), InlineData("a?b"), InlineData("a#b"), InlineData("a\\b"), InlineData("a\u0001")]
    public async Task Start_OfAnIdThatIsNotOne_IsRefused(string id)
    {
        await BeginAsync((w, input) => Task.FromResult(input));
        await Assert.ThrowsAsync<InvalidInputException>(() => Engine.Workflows.StartAsync(Main, "x", id, default));
    }

    [Fact]
    public async Task Find_OfARunningInstance_ShowsInputStatusAndTimes()
    {
        await BeginAsync(async (w, _) =>
        {
            w.SetStatus(new Progress("waiting", 0.5));
            return await w.WaitForEvent(Go);
        });
        var found = await FindAsync();
        Assert.Equal(("Main", WorkflowStatus.Running, "in"), (found.Workflow, found.Status, found.Input!.Value.GetString()));
        Assert.Equal("waiting", found.CustomStatus!.Value.GetProperty("phase").GetString());
        Assert.Equal(Engine.Now, found.CreatedAt);
        Assert.Null(await Engine.Workflows.FindAsync("unknown", default));
    }

    [Fact]
    public async Task SetStatus_TooLarge_Fails()
    {
        await BeginAsync((w, _) => { w.SetStatus(new string('x', 16 * 1024)); return Task.FromResult(""); });
        Assert.Equal("System.ArgumentException", (await FindAsync()).Failure!.ErrorType);
    }

    [Fact]
    public async Task Steps_OfAnInstance_AreInOrderWithTheirOutcomes()
    {
        await BeginAsync(async (w, input) =>
        {
            try { await w.Call(Step, input); } catch (StepFailedException) { }
            await w.CallWorkflow(Child, "c", "kid");
            await w.WaitForEvent(Go);
            await w.Delay(TimeSpan.FromHours(1));
            return "";
        }, step: _ => throw new TimeoutException());
        await RaiseAsync("x");
        await Engine.SettleAsync();
        var steps = await Engine.Workflows.StepsAsync("a", default);
        Assert.Equal(["Step/activity", "Child/workflow", "go/event", "timer/timer"], steps.Select(s => $"{s.Name}/{s.Kind}"));
        Assert.Equal([0, 1, 2, 3], steps.Select(s => s.Sequence));
        Assert.Equal("System.TimeoutException", steps[0].Failure!.ErrorType);
        Assert.Equal("kid", steps[1].ChildId);
        Assert.Equal([true, true, true, false], steps.Select(s => s.EndedAt is not null));
        Assert.Empty(await Engine.Workflows.StepsAsync("unknown", default));
    }

    [Fact]
    public async Task Terminate_EndsTheInstanceAndItsChildren()
    {
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid"), child: (w, _) => w.WaitForEvent(Go));
        await Engine.Workflows.TerminateAsync("a", "not needed", default);
        await Engine.SettleAsync();
        var found = await FindAsync();
        Assert.Equal((WorkflowStatus.Terminated, "not needed"), (found.Status, found.Output!.Value.GetString()));
        Assert.Equal(WorkflowStatus.Terminated, (await FindAsync("kid")).Status);
        await RaiseAsync("x", id: "kid"); // ignored
        await Engine.SettleAsync();
        Assert.Equal(WorkflowStatus.Terminated, (await FindAsync("kid")).Status);
    }

    [Fact]
    public async Task Terminate_OfNothingOrTheEnded_IsNotFoundOrNothing()
    {
        await BeginAsync((w, input) => Task.FromResult(input));
        var missing = await Assert.ThrowsAsync<NotFoundException>(() => Engine.Workflows.TerminateAsync("unknown", "not needed", default));
        Assert.Equal("workflow-missing", missing.Code);
        await Engine.Workflows.TerminateAsync("a", "not needed", default);
        await Engine.SettleAsync();
        await AssertOutput("in");
    }

    [Fact]
    public async Task Terminate_OfAChild_FailsTheParentsStep()
    {
        await BeginAsync(async (w, input) =>
        {
            try { return await w.CallWorkflow(Child, input, "kid"); }
            catch (StepFailedException e) { return e.Failure.Message.Contains("why not", StringComparison.Ordinal) ? "told" : e.Failure.Message; }
        }, child: (w, _) => w.WaitForEvent(Go));
        await Engine.Workflows.TerminateAsync("kid", "why not", default);
        await Engine.SettleAsync();
        await AssertOutput("told");
    }

    [Fact]
    public async Task Terminate_OfAJoinedInstance_LeavesItToWhoStartedIt()
    {
        await BeginAsync(async (w, input) => await w.CallWorkflow(Child, input, "kid"), child: async (w, input) => input + await w.WaitForEvent(Go));
        await Engine.Workflows.StartAsync(Main, "other", "b", default);
        await Engine.SettleAsync();
        await Engine.Workflows.TerminateAsync("b", "not needed", default);
        await Engine.SettleAsync();
        await RaiseAsync("!", id: "kid");
        await Engine.SettleAsync();
        await AssertOutput("in!");
    }

    [Fact]
    public async Task Raise_ToNobody_IsIgnored()
    {
        await BeginAsync((w, input) => Task.FromResult(input));
        await RaiseAsync("x", id: "nobody");
        await RaiseAsync("x");
        await Engine.SettleAsync();
        await AssertOutput("in");
    }

    [Fact]
    public async Task List_ByPrefix_IsNewestFirstInPages()
    {
        await BeginAsync((w, input) => Task.FromResult(input));
        for (var i = 0; i < 5; i++)
        {
            await Engine.AdvanceAsync(TimeSpan.FromSeconds(1));
            await Engine.Workflows.StartAsync(Main, "x", $"p-{i}", default);
            await Engine.Workflows.StartAsync(Main, "x", $"q-{i}", default);
        }
        await Engine.SettleAsync();
        var ids = new List<string>();
        string? continuation = null;
        do
        {
            var page = await Engine.Workflows.ListAsync("p-", 2, continuation, default);
            Assert.True(page.Items.Count <= 2);
            ids.AddRange(page.Items.Select(i => i.InstanceId));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal(["p-4", "p-3", "p-2", "p-1", "p-0"], ids);
    }

    [Fact]
    public async Task Purge_OfAnEndedInstance_RemovesItAndFreesTheId()
    {
        await BeginAsync((w, input) => w.Call(Step, input), new string('x', 50_000));
        Assert.True(await Engine.Workflows.PurgeAsync("a", default));
        Assert.Null(await Engine.Workflows.FindAsync("a", default));
        Assert.Empty((await Engine.Workflows.ListAsync("", 10, null, default)).Items);
        Assert.False(await Engine.Workflows.PurgeAsync("a", default));
        Assert.True(await Engine.Workflows.StartAsync(Main, "again", "a", default));
        await Engine.SettleAsync();
        await AssertOutput("again!");
    }

    [Fact]
    public async Task Purge_OfARunningInstance_IsRefused()
    {
        await BeginAsync((w, _) => w.WaitForEvent(Go));
        Assert.False(await Engine.Workflows.PurgeAsync("a", default));
        await RaiseAsync("x");
        await Engine.SettleAsync();
        await AssertOutput("x");
    }

    [Fact]
    public async Task Instance_AcrossAnOrderlyRestart_GoesOn()
    {
        await BeginAsync(async (w, input) => await w.Call(Step, input) + await w.WaitForEvent(Go), step: Counting());
        await Engine.RestartAsync();
        await RaiseAsync("x");
        await Engine.SettleAsync();
        await AssertOutput("in!x");
        Assert.Single(Calls);
    }

    private sealed record Progress(string Phase, double Done);

    /// <summary>However often its code was replayed on the way.</summary>
    [Fact]
    public async Task End_OfAWorkflow_IsCountedOnce()
    {
        var ends = new List<string>();
        WorkflowName<string, string> fine = new($"Fine{GetType().Name}"), bad = new($"Bad{GetType().Name}"); // Other suites run at the same time.
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter == TriOpsTelemetry.Meter && i.Name == "triops.workflow.ended") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(t => t.Key, t => t.Value?.ToString());
            if (named["workflow"] == fine.Value || named["workflow"] == bad.Value) lock (ends) ends.Add($"{named["workflow"]} {named["status"]} {value}");
        });
        listener.Start();
        Engine.Orchestration(fine, async (w, input) => await w.Call(Step, await w.Call(Step, input)));
        Engine.Orchestration(bad, async (w, input) => throw new InvalidOperationException(await w.Call(Step, input)));

        await BeginAsync((_, input) => Task.FromResult(input));
        await Engine.Workflows.StartAsync(fine, "in", "fine", default);
        await Engine.Workflows.StartAsync(bad, "in", "bad", default);
        await Engine.SettleAsync();

        Assert.Equal([$"{bad.Value} Failed 1", $"{fine.Value} Completed 1"], ends.Order(StringComparer.Ordinal));
    }
}
