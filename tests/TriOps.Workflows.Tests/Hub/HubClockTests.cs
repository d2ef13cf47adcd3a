using TriOps.Core;
using TriOps.Core.Workflows;
using TriOps.Testing.Conformance;

namespace TriOps.Workflows.Tests;

/// <summary>What takes hours and months, on the test's own clock.</summary>
public sealed class HubClockTests
{
    private readonly HubHarness engine = new();

    [Fact]
    public async Task Delay_UntilDue_KeepsRunning()
    {
        await BeginAsync(async (w, _) => { await w.Delay(TimeSpan.FromDays(60)); return "due"; });
        await engine.Hub.AdvanceAsync(TimeSpan.FromDays(59));
        Assert.Equal(WorkflowStatus.Running, (await FindAsync()).Status);
        await engine.Hub.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("due", (await FindAsync()).Output!.Value.GetString());
    }

    [Fact]
    public async Task Delay_WithoutEnd_DoesNotOverflow()
    {
        await BeginAsync(async (w, _) => { await w.Delay(TimeSpan.MaxValue); return "never"; });
        await engine.Hub.AdvanceAsync(TimeSpan.FromDays(10_000));
        Assert.Equal(WorkflowStatus.Running, (await FindAsync()).Status);
    }

    [Fact]
    public async Task Approval_AfterTheDeadline_StaysTooLate()
    {
        await BeginAsync(async (w, _) => await w.Within(w.WaitForEvent(WorkflowScript.Go), TimeSpan.FromDays(2)) ? "approved" : "rejected");
        await engine.Hub.AdvanceAsync(TimeSpan.FromDays(2));
        await engine.Workflows.RaiseAsync("a", WorkflowScript.Go, "too late", default);
        await engine.Hub.SettleAsync();
        Assert.Equal("rejected", (await FindAsync()).Output!.Value.GetString());
    }

    [Fact]
    public async Task Retry_AfterFailures_WaitsByBackoffStretchedALittle()
    {
        var times = new List<DateTimeOffset>();
        engine.Script.StepCode = text =>
        {
            times.Add(engine.Time.GetUtcNow());
            return times.Count < 5 ? throw new TimeoutException() : Task.FromResult(text + "!");
        };
        await BeginAsync((w, input) =>
            w.Call(WorkflowScript.Step with { Retry = new Retry(5, TimeSpan.FromMinutes(1), 2, TimeSpan.FromMinutes(3)) }, input));
        await engine.Hub.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal("in!", (await FindAsync()).Output!.Value.GetString());
        var waits = times.Zip(times.Skip(1), (before, after) => (after - before).TotalMinutes).ToList();
        foreach (var (wait, least) in waits.Zip(new[] { 1.0, 2, 3, 3 })) Assert.InRange(wait, least, least * (1 + Stagger.Most) + 0.05);
        Assert.NotEqual(waits[2], waits[3]); // Each wait has a share of its own.
    }

    [Fact]
    public async Task List_OfInstancesOfYears_FindsThemAllNewestFirst()
    {
        for (var i = 0; i < 12; i++)
        {
            await engine.Workflows.StartAsync(WorkflowScript.Main, "x", $"{(char)('m' - i)}", default);
            await engine.Hub.AdvanceAsync(TimeSpan.FromDays(60 - 5 * i));
        }
        var (ids, continuation) = (new List<string>(), (string?)null);
        do
        {
            var page = await engine.Workflows.ListAsync("", 5, continuation, default);
            ids.AddRange(page.Items.Select(i => i.InstanceId));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal("bcdefghijklm", string.Concat(ids));
        await Assert.ThrowsAsync<InvalidInputException>(() => engine.Workflows.ListAsync("", 5, "nonsense", default));
    }

    private async Task BeginAsync(Func<IWorkflow, string, Task<string>> main)
    {
        engine.Script.MainCode = main;
        await engine.Workflows.StartAsync(WorkflowScript.Main, "in", "a", default);
        await engine.Hub.SettleAsync();
    }

    private async Task<WorkflowInstance> FindAsync() => (await engine.Workflows.FindAsync("a", default))!;
}
