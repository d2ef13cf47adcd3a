using TriOps.Core.Workflows;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>External events and continue-as-new.</summary>
public abstract partial class WorkflowConformance
{
    [Fact]
    public async Task Event_BeforeAnyoneWaits_IsKept()
    {
        await BeginAsync(async (w, _) =>
        {
            w.SetStatus("waiting");
            await w.WaitForEvent(Stop);
            return string.Concat(new[] { await w.WaitForEvent(Go), await w.WaitForEvent(Go), await w.WaitForEvent(Go) }.Order());
        });
        await UntilStatusAsync("waiting");
        foreach (var text in new[] { "1", "2", "3" }) await RaiseAsync(text);
        await RaiseAsync("", Stop);
        await AssertOutput("123");
    }

    [Fact]
    public async Task Event_Name_IgnoresCase()
    {
        await BeginAsync((w, _) => w.WaitForEvent(new EventName<string>("Approval")));
        await RaiseAsync("yes", new("APPROVAL"));
        await AssertOutput("yes");
    }

    [Fact]
    public async Task Event_AwaitedAsTwoTypes_Fails()
    {
        await BeginAsync(async (w, input) =>
        {
            _ = w.WaitForEvent(Go);
            return (await w.WaitForEvent(new EventName<int>("GO"))).ToString(System.Globalization.CultureInfo.InvariantCulture);
        });
        Assert.Equal("System.ArgumentException", (await EndedAsync()).Failure!.ErrorType);
    }

    [Fact]
    public async Task Race_WithinItsTime_LeavesNoTimerOpen()
    {
        await BeginAsync(async (w, _) =>
        {
            var go = w.WaitForEvent(Go);
            return await w.Within(go, TimeSpan.FromDays(1)) ? await go : "late";
        });
        await RaiseAsync("in time");
        await AssertOutput("in time");
    }

    [Fact]
    public async Task Race_Lost_LeavesTheWaitOpenForTheNext()
    {
        await BeginAsync(async (w, _) =>
        {
            var go = w.WaitForEvent(Go);
            var first = await w.Within(go, TimeSpan.FromSeconds(1));
            w.SetStatus("again");
            return $"{first} {await w.Within(go, TimeSpan.FromDays(1))} {await go}";
        });
        await UntilStatusAsync("again");
        await RaiseAsync("second");
        await AssertOutput("False True second");
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_Arrives()
    {
        Script.ChildCode = (w, to) => { w.SendEvent(to, Go, "hello"); return Task.FromResult("sent"); };
        await BeginAsync(async (w, _) =>
        {
            var go = w.WaitForEvent(Go);
            return await w.CallWorkflow(Child, w.InstanceId, $"{w.InstanceId}-kid") + await go;
        });
        await AssertOutput("senthello");
    }

    [Fact]
    public async Task SendEvent_ToNobody_IsDropped()
    {
        await BeginAsync((w, _) => { w.SendEvent($"{w.InstanceId}-nobody", Go, "hello"); return Task.FromResult("sent"); });
        await AssertOutput("sent");
        Assert.Null(await Engine.Workflows.FindAsync(Id("a-nobody"), default));
    }

    [Fact]
    public async Task ContinueAsNew_StartsAgainWithTheNewInputUnderTheSameId()
    {
        await BeginAsync(async (w, input) =>
        {
            await w.Call(Step, input);
            if (input.Length < 4) w.ContinueAsNew(input + "+");
            return input;
        });
        await Engine.UntilAsync(
            async () => await FindAsync() is { IsEnded: true, Output.ValueKind: System.Text.Json.JsonValueKind.String },
            "the last execution has ended");
        await AssertOutput("in++");
        Assert.Single(await Engine.Workflows.StepsAsync(Id(), default));
        Assert.Equal(["in", "in+", "in++"], Script.Calls);
    }

    [Fact]
    public async Task ContinueAsNew_KeepsEventsNobodyWaitedFor()
    {
        await BeginAsync(async (w, input) =>
        {
            if (input != "in") return input + string.Concat(new[] { await w.WaitForEvent(Go), await w.WaitForEvent(Go) }.Order());
            await w.WaitForEvent(Stop);
            w.ContinueAsNew("again ");
            return "";
        });
        await RaiseAsync("1");
        await RaiseAsync("2");
        await RaiseAsync("", Stop);
        await AssertOutput("again 12");
    }

    /// <summary>Durable hands it to the wait of the execution that is over.</summary>
    [Fact]
    public async Task ContinueAsNew_KeepsTheEventThatComesForAWaitLeftOpen()
    {
        await BeginAsync(async (w, input) =>
        {
            var go = w.WaitForEvent(Go);
            if (input != "in") return input + await go;
            w.SetStatus("waiting");
            await w.WaitForEvent(Stop);
            w.ContinueAsNew("again ");
            return "";
        });
        await UntilStatusAsync("waiting");
        await RaiseAsync("", Stop);
        await RaiseAsync("1");
        await AssertOutput("again 1");
    }

    [Fact]
    public async Task ContinueAsNew_FollowedByAnotherAction_Fails()
    {
        await BeginAsync(async (w, input) => { w.ContinueAsNew("x"); return await w.Call(Step, input); });
        Assert.Equal("System.InvalidOperationException", (await EndedAsync()).Failure!.ErrorType);
    }

    [Fact]
    public async Task ContinueAsNew_TakesTheOldStatusAway()
    {
        await BeginAsync(async (w, input) =>
        {
            if (input != "in") return input + await w.WaitForEvent(Go);
            w.SetStatus("old");
            await w.Call(Step, input);
            w.ContinueAsNew("again ");
            return "";
        });
        await Engine.UntilAsync(async () => await FindAsync() is { Input: { } input } found && input.GetString() == "again "
            && found.CustomStatus is null or { ValueKind: System.Text.Json.JsonValueKind.Null }, "the next execution says nothing yet");
        await RaiseAsync("1");
        await AssertOutput("again 1");
    }
}
