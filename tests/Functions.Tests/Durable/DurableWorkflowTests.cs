using TriOps.Core.Workflows;
using TriOps.Testing.Conformance;

namespace TriOps.Functions.Tests.Durable;

/// <summary>The adapter: everything that the journal does.</summary>
public sealed class DurableWorkflowTests : WorkflowConformance
{
    protected override WorkflowHarness Create() => new DurableHarness();

    /// <summary>Durable forgets the run with its turn; what ends behind its back is seen by nobody.</summary>
    [Fact]
    public override async Task ForeignTask_AwaitedBesideAnOwnOne_FailsTheInstanceWhenItEnds()
    {
        var foreign = new TaskCompletionSource();
        await BeginAsync(async (w, _) =>
        {
            var own = w.WaitForEvent(Go);
            await foreign.Task;
            return await own;
        });
        foreign.SetResult();
        await Engine.SettleAsync();
        Assert.Equal(WorkflowStatus.Running, (await FindAsync()).Status);
    }

    /// <summary>The call is refused, and nothing of it stays.</summary>
    [Fact]
    public override async Task ForeignThread_ThatCallsTheWorkflow_FailsTheInstance()
    {
        var (foreign, refused) = (new TaskCompletionSource(), new TaskCompletionSource<Exception>());
        await BeginAsync(async (w, input) =>
        {
            var own = w.WaitForEvent(Go);
            await foreign.Task.ConfigureAwait(false);
            try { return await w.Call(Step, input); }
            catch (Exception e) { refused.TrySetResult(e); throw; }
        }, step: Counting());
        await Task.Run(foreign.SetResult);
        Assert.IsType<InvalidOperationException>(await refused.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        await Engine.SettleAsync();
        Assert.Empty(Calls);
    }
}
