using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.Testing.Conformance;

namespace TriOps.Functions.Tests.Durable;

/// <summary>The adapter under test: the bodies of the orchestration and activity functions, and the client, on a <see cref="FakeHub"/>.</summary>
internal sealed class DurableHarness : WorkflowHarness
{
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DurableConnection connection = new();

    public DurableHarness()
    {
        Hub = new FakeHub(time);
        var client = new FakeDurableClient(Hub);
        connection.Use(client);
        var workflows = new DurableWorkflows(connection, time);
        Workflows = workflows;
        Hub.Activities["LookAtWorkflow"] = async input => await new LookAtWorkflowFunction(workflows, connection).RunAsync(Hub.Read<LookRequest>(input)!, client, new FakeFunctionContext());
    }

    public FakeHub Hub { get; }
    public override IWorkflows Workflows { get; }
    public override DateTimeOffset Now => time.GetUtcNow();

    public override void Orchestration<TIn, TOut>(WorkflowName<TIn, TOut> name, Func<IWorkflow, TIn, Task<TOut>> run) =>
        Hub.Orchestrations[name.Value] = async context => await WorkflowRun.RunAsync(context, run);

    public override void Activity<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, Task<TOut>> run) =>
        Hub.Activities[name.Value] = async input => await ActivityRun.RunAsync(() => run(Hub.Read<TIn>(input)!));

    public override Task StartAsync() => Task.CompletedTask;
    public override Task SettleAsync() => Hub.SettleAsync();

    public override async Task AdvanceAsync(TimeSpan by)
    {
        await SettleAsync();
        time.Advance(by);
        Hub.FireTimers();
        await SettleAsync();
    }

    public override Task CrashAndRestartAsync() => Task.CompletedTask; // There is nothing in memory between two turns.
    public override Task RestartAsync() => Task.CompletedTask;
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
