using TriOps.Core.Workflows;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>Timers, external events, continue-as-new.</summary>
public abstract partial class WorkflowConformance
{
    [Fact]
    public async Task Delay_UntilDue_KeepsRunning()
    {
        await BeginAsync(async (w, _) => { await w.Delay(TimeSpan.FromDays(60)); return "due"; });
        await Engine.AdvanceAsync(TimeSpan.FromDays(59));
        Assert.Equal(WorkflowStatus.Running, (await FindAsync()).Status);
        await Engine.AdvanceAsync(TimeSpan.FromDays(1));
        await AssertOutput("due");
    }

    [Fact]
    public async Task Delay_ThatFellDueWhileNoHostRan_FiresAfterTheRestart()
    {
        await BeginAsync(async (w, _) => { await w.Delay(TimeSpan.FromHours(1)); return "due"; });
        await Engine.CrashAndRestartAsync();
        await Engine.AdvanceAsync(TimeSpan.FromHours(1));
        await AssertOutput("due");
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
    public async Task Delay_LeftOpen_KeepsTheInstanceRunningUntilItFires()
    {
        await BeginAsync(async (w, input) =>
        {
            var left = w.Delay(TimeSpan.FromHours(1));
            return await w.Call(Step, input);
        });
        Assert.Equal(WorkflowStatus.Running, (await FindAsync()).Status);
        await Engine.AdvanceAsync(TimeSpan.FromHours(1));
        await AssertOutput("in!");
    }

    [Fact]
    public async Task Event_BeforeAnyoneWaits_IsKeptFirstInFirstOut()
    {
        await BeginAsync(async (w, _) =>
        {
            await w.WaitForEvent(Stop);
            return await w.WaitForEvent(Go) + await w.WaitForEvent(Go) + await w.WaitForEvent(Go);
        });
        foreach (var text in new[] { "1", "2", "3" }) await RaiseAsync(text);
        await RaiseAsync("", Stop);
        await Engine.SettleAsync();
        await AssertOutput("123");
    }

    [Fact]
    public async Task Event_Name_IgnoresCase()
    {
        await BeginAsync((w, _) => w.WaitForEvent(new EventName<string>("Approval")));
        await RaiseAsync("yes", new("APPROVAL"));
        await Engine.SettleAsync();
        await AssertOutput("yes");
    }

    [Fact]
    public async Task Event_OfOneNameAwaitedTwice_ServesTheOldestWaitFirst()
    {
        await BeginAsync(async (w, _) => string.Join(",", await Task.WhenAll(w.WaitForEvent(Go), w.WaitForEvent(Go))));
        await RaiseAsync("1");
        await Engine.SettleAsync();
        await RaiseAsync("2");
        await Engine.SettleAsync();
        await AssertOutput("1,2");
    }

    [Fact]
    public async Task Event_AwaitedAsTwoTypes_Fails()
    {
        await BeginAsync(async (w, input) =>
        {
            _ = w.WaitForEvent(Go);
            return (await w.WaitForEvent(new EventName<int>("GO"))).ToString();
        });
        Assert.Equal("System.ArgumentException", (await FindAsync()).Failure!.ErrorType);
    }

    [Fact]
    public async Task Event_WithTimeout_ArrivesInTime()
    {
        await BeginAsync(async (w, _) => (await w.WaitForEvent(Go, TimeSpan.FromHours(1))).Value ?? "late");
        await Engine.AdvanceAsync(TimeSpan.FromMinutes(59));
        await RaiseAsync("in time");
        await Engine.SettleAsync();
        await AssertOutput("in time"); // and the timer that lost holds nothing open
    }

    [Fact]
    public async Task Event_AfterAWaitTimedOut_GoesToTheNextWait()
    {
        await BeginAsync(async (w, _) =>
        {
            var first = await w.WaitForEvent(Go, TimeSpan.FromMinutes(1));
            var second = await w.WaitForEvent(Go, TimeSpan.FromMinutes(1));
            return $"{first.Arrived} {second.Value}";
        });
        await Engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        await RaiseAsync("second");
        await Engine.SettleAsync();
        await AssertOutput("False second");
    }

    [Fact]
    public async Task Approval_ThatLostToTheDeadline_StaysLostAfterARestart()
    {
        await BeginAsync(async (w, _) =>
        {
            var approval = await w.WaitForEvent(Go, TimeSpan.FromDays(1));
            var verdict = approval.Arrived ? "approved" : "rejected";
            await w.WaitForEvent(Stop);
            return verdict;
        });
        await Engine.AdvanceAsync(TimeSpan.FromDays(1));
        await RaiseAsync("too late");
        await Engine.SettleAsync();
        await Engine.CrashAndRestartAsync();
        await RaiseAsync("", Stop);
        await Engine.SettleAsync();
        await AssertOutput("rejected");
    }

    [Fact]
    public async Task Deadline_ThatLostToTheApproval_StaysLostAfterARestart()
    {
        await BeginAsync(async (w, _) =>
        {
            var approval = await w.WaitForEvent(Go, TimeSpan.FromDays(1));
            await w.WaitForEvent(Stop);
            return approval.Arrived ? "approved" : "rejected";
        });
        await RaiseAsync("in time");
        await Engine.SettleAsync();
        await Engine.CrashAndRestartAsync();
        await Engine.AdvanceAsync(TimeSpan.FromDays(2));
        await RaiseAsync("", Stop);
        await Engine.SettleAsync();
        await AssertOutput("approved");
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_ArrivesOnceAlsoAfterARestart()
    {
        Engine.Orchestration(new WorkflowName<string, string>("Sender"), async (w, to) => { w.SendEvent(to, Go, "hello"); return await w.WaitForEvent(Stop); });
        await BeginAsync(async (w, _) =>
        {
            var first = await w.WaitForEvent(Go);
            var second = await w.WaitForEvent(Go, TimeSpan.FromHours(1));
            return $"{first} {second.Arrived}";
        });
        await Engine.Workflows.StartAsync(new WorkflowName<string, string>("Sender"), "a", "s", default);
        await Engine.SettleAsync();
        await Engine.CrashAndRestartAsync();
        await Engine.AdvanceAsync(TimeSpan.FromHours(1));
        await AssertOutput("hello False");
    }

    [Fact]
    public async Task SendEvent_ToNobody_IsDropped()
    {
        await BeginAsync((w, _) => { w.SendEvent("nobody", Go, "hello"); return Task.FromResult("sent"); });
        await AssertOutput("sent");
        Assert.Null(await Engine.Workflows.FindAsync("nobody", default));
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
        await AssertOutput("in++");
        Assert.Single((await Engine.Workflows.StepsAsync("a", default)));
    }

    [Fact]
    public async Task ContinueAsNew_KeepsEventsNobodyWaitedFor()
    {
        await BeginAsync(async (w, input) =>
        {
            if (input != "in") return input + await w.WaitForEvent(Go) + await w.WaitForEvent(Go);
            await w.WaitForEvent(Stop);
            w.ContinueAsNew("again ");
            return "";
        });
        await RaiseAsync("1");
        await RaiseAsync("2");
        await RaiseAsync("", Stop);
        await Engine.SettleAsync();
        await AssertOutput("again 12");
    }

    [Fact]
    public async Task ContinueAsNew_DiscardsPendingResultsAndTimers()
    {
        await BeginAsync(async (w, input) =>
        {
            if (input != "in") return input + await w.WaitForEvent(Go);
            _ = w.Delay(TimeSpan.FromMinutes(1));
            _ = w.WaitForEvent(Go);
            await w.Call(Step, "x");
            w.ContinueAsNew("again ");
            return "";
        });
        await Engine.AdvanceAsync(TimeSpan.FromMinutes(2));
        await RaiseAsync("1");
        await Engine.SettleAsync();
        await AssertOutput("again 1");
    }

    [Fact]
    public async Task ContinueAsNew_FollowedByAnotherAction_Fails()
    {
        await BeginAsync((w, input) => { w.ContinueAsNew("x"); return w.Call(Step, input); });
        Assert.Equal("System.InvalidOperationException", (await FindAsync()).Failure!.ErrorType);
    }

    [Fact]
    public async Task ContinueAsNew_ThenARestart_GoesOnWithTheNewExecution()
    {
        await BeginAsync(async (w, input) =>
        {
            if (input == "in") { w.SetStatus("old"); w.ContinueAsNew("again "); return ""; }
            return input + await w.WaitForEvent(Go);
        });
        Assert.Null((await FindAsync()).CustomStatus);
        await Engine.CrashAndRestartAsync();
        await RaiseAsync("1");
        await Engine.SettleAsync();
        await AssertOutput("again 1");
    }
}
