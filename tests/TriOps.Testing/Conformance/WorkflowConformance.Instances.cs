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
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, $"{w.InstanceId}-kid"));
        await AssertOutput("child of in");
        Assert.Equal(Id(), (await FindAsync("a-kid")).ParentId);
    }

    [Fact]
    public async Task Child_ThatFails_ThrowsItsFailure()
    {
        Script.ChildCode = (_, _) => throw new TimeoutException("too slow");
        await BeginAsync(async (w, input) =>
        {
            try { return await w.CallWorkflow(Child, input, $"{w.InstanceId}-kid"); }
            catch (StepFailedException e) { return $"{e.Step}|{e.Failure.ErrorType}|{e.Failure.Message}"; }
        });
        await AssertOutput("Child|System.TimeoutException|too slow");
    }

    [Fact]
    public async Task Children_ManyAtOnce_AllReturn()
    {
        await BeginAsync(async (w, _) =>
            string.Concat(await Task.WhenAll(Enumerable.Range(0, 9).Select(i => w.CallWorkflow(Child, $"{i}", $"{w.InstanceId}-{i}")))));
        await AssertOutput(string.Concat(Enumerable.Range(0, 9).Select(i => $"child of {i}")));
    }

    [Fact]
    public async Task Start_OfAKnownId_ChangesNothingAndSaysSo()
    {
        await BeginAsync((w, input) => w.Call(Step, input));
        Assert.False(await Engine.Workflows.StartAsync(Main, "again", Id(), default));
        await AssertOutput("in!");
        Assert.False(await Engine.Workflows.StartAsync(Main, "again", Id(), default));
        await AssertOutput("in!");
    }

    [Theory]
    [InlineData(""), InlineData("a/b"), InlineData("@a"), InlineData("a?b"), InlineData("a#b"), InlineData("a\\b"), InlineData("a\u0001")]
    public Task Start_OfAnIdThatIsNotOne_IsRefused(string id) =>
        Assert.ThrowsAsync<InvalidInputException>(() => Engine.Workflows.StartAsync(Main, "x", id, default));

    [Fact]
    public async Task Find_OfARunningInstance_ShowsInputStatusAndTimes()
    {
        await BeginAsync(async (w, _) =>
        {
            w.SetStatus("waiting");
            return await w.WaitForEvent(Go);
        });
        await UntilStatusAsync("waiting");
        var found = await FindAsync();
        Assert.Equal(("Main", WorkflowStatus.Running, "in"), (found.Workflow, found.Status, found.Input!.Value.GetString()));
        Assert.InRange(found.UpdatedAt, found.CreatedAt, found.CreatedAt + TimeSpan.FromMinutes(1));
        Assert.Null(await Engine.Workflows.FindAsync(Id("unknown"), default));
    }

    [Fact]
    public async Task SetStatus_TooLarge_Fails()
    {
        await BeginAsync((w, _) => { w.SetStatus(new string('x', 16 * 1024)); return Task.FromResult(""); });
        Assert.Equal("System.ArgumentException", (await EndedAsync()).Failure!.ErrorType);
    }

    [Fact]
    public async Task Steps_OfAnInstance_AreInOrderWithTheirOutcomesAndTimes()
    {
        Script.StepCode = _ => throw new TimeoutException("too slow");
        await BeginAsync(async (w, input) =>
        {
            try { await w.Call(Step, input); } catch (StepFailedException) { }
            await w.CallWorkflow(Child, "c", $"{w.InstanceId}-kid");
            await w.WaitForEvent(Go);
            await w.Delay(TimeSpan.FromSeconds(2));
            w.SetStatus("last");
            return await w.WaitForEvent(Stop);
        });
        await RaiseAsync("x");
        await UntilStatusAsync("last");
        // When an event comes is its sender's business.
        var steps = (await Engine.Workflows.StepsAsync(Id(), default)).OrderBy(s => s.Name == "go").ToList();
        Assert.Equal(["Step/activity", "Child/workflow", "timer/timer", "go/event"], steps.Select(s => $"{s.Name}/{s.Kind}"));
        Assert.All(steps, s => Assert.True(s.EndedAt >= s.ScheduledAt));
        Assert.Equal(("System.TimeoutException", "too slow", Id("a-kid")),
            (steps[0].Failure!.ErrorType, steps[0].Failure!.Message, steps[1].ChildId));
        Assert.InRange((steps[2].EndedAt!.Value - steps[2].ScheduledAt).TotalSeconds, 1.9, 30);
        Assert.Empty(await Engine.Workflows.StepsAsync(Id("unknown"), default));
    }

    [Fact]
    public async Task Terminate_OfARunningInstance_EndsItWithTheReason()
    {
        await BeginAsync((w, _) => w.WaitForEvent(Go));
        await Engine.Workflows.TerminateAsync(Id(), "not needed", default);
        var found = await EndedAsync();
        Assert.Equal((WorkflowStatus.Terminated, "not needed"), (found.Status, found.Output!.Value.GetString()));
        await RaiseAsync("x"); // Nobody hears it, and nobody complains.
    }

    [Fact]
    public async Task Terminate_OfNothingOrTheEnded_IsNotFoundOrNothing()
    {
        await BeginAsync((_, input) => Task.FromResult(input));
        await AssertOutput("in");
        Assert.Equal("workflow-missing",
            (await Assert.ThrowsAsync<NotFoundException>(
            () => Engine.Workflows.TerminateAsync(Id("unknown"), "not needed", default))).Code);
        await Engine.Workflows.TerminateAsync(Id(), "not needed", default);
        await AssertOutput("in");
    }

    [Fact]
    public async Task Terminate_OfAChild_FailsTheParentsStepWithTheReason()
    {
        Script.ChildCode = (w, _) => { w.SetStatus("waiting"); return w.WaitForEvent(Go); };
        await BeginAsync(async (w, input) =>
        {
            try { return await w.CallWorkflow(Child, input, $"{w.InstanceId}-kid"); }
            catch (StepFailedException e) { return e.Failure.Code + ": " + e.Failure.Message; }
        });
        await UntilStatusAsync("waiting", "a-kid");
        await Engine.Workflows.TerminateAsync(Id("a-kid"), "why not", default);
        await AssertOutput($"workflow-terminated: Child '{Id("a-kid")}' was terminated; its output says why.");
        var step = Assert.Single(await Engine.Workflows.StepsAsync(Id(), default));
        Assert.Equal($"Child '{Id("a-kid")}' was terminated: why not", step.Failure!.Message);
    }

    [Fact]
    public async Task Raise_ToNobodyOrTheEnded_IsIgnored()
    {
        await BeginAsync((_, input) => Task.FromResult(input));
        await AssertOutput("in");
        await RaiseAsync("x", to: "nobody");
        await RaiseAsync("x");
        await AssertOutput("in");
    }

    [Fact]
    public async Task List_ByPrefix_IsNewestFirstInPages()
    {
        Script.MainCode = (_, input) => Task.FromResult(input);
        for (var i = 0; i < 5; i++)
        {
            await Engine.Workflows.StartAsync(Main, "x", Id($"p-{i}"), default);
            await Engine.Workflows.StartAsync(Main, "x", Id($"q-{i}"), default);
            await EndedAsync($"p-{i}");
        }
        var found = new List<WorkflowInstance>();
        string? continuation = null;
        do
        {
            var page = await Engine.Workflows.ListAsync(Id("p-"), 2, continuation, default);
            Assert.True(page.Items.Count <= 2);
            found.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => Id($"p-{i}")), found.Select(i => i.InstanceId).Order());
        Assert.Equal(found.OrderByDescending(i => i.CreatedAt).ThenBy(i => i.InstanceId, StringComparer.Ordinal), found);
    }

    /// <summary>However often its code was replayed on the way. Suites of one process must not run at the same time, or they would count
    /// each other's.</summary>
    [Fact]
    public async Task End_OfAWorkflow_IsCountedOnce()
    {
        var ends = new List<string>();
        using var listener =
            new MeterListener { InstrumentPublished = (i, l) =>
            { if (i.Meter == TriOpsTelemetry.Meter && i.Name == "triops.workflow.ended") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(t => t.Key, t => t.Value?.ToString());
            lock (ends) ends.Add($"{named["workflow"]} {named["status"]} {value}");
        });
        listener.Start();
        await BeginAsync(async (w, input) => await w.Call(Step, await w.Call(Step, input)));
        await AssertOutput("in!!");
        lock (ends) Assert.Equal(["Main Completed 1"], ends);
    }
}
