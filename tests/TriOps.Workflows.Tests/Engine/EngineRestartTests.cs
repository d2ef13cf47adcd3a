using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.LocalHost.Engine;
using TriOps.Testing.Conformance;

namespace TriOps.Workflows.Tests;

/// <summary>Hosts that end, and hosts beside each other. (A host that is killed is a process of its own:
/// tests/TriOps.EndToEnd.Tests.)</summary>
[Collection("workflows")]
public sealed class EngineRestartTests : IAsyncLifetime
{
    private readonly EngineFixture engine = new();

    public ValueTask InitializeAsync() => engine.InitializeAsync();
    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task Instance_AcrossARestart_GoesOnAndRunsNoStepAgain()
    {
        engine.Script.MainCode = async (w, input) =>
        {
            var done = await w.Call(WorkflowScript.Step, input);
            w.SetStatus("waiting");
            return done + await w.WaitForEvent(WorkflowScript.Go);
        };
        await engine.Workflows.StartAsync(WorkflowScript.Main, "in", "a", default);
        await UntilStatusAsync("waiting");
        await engine.StopAsync();
        await engine.StartAsync();
        await engine.Workflows.RaiseAsync("a", WorkflowScript.Go, "x", default);
        await AssertOutput("in!x");
        Assert.Equal(["in"], engine.Script.Calls);
    }

    [Fact]
    public async Task Activity_CutOffByTheHostsEnd_IsDoneAgainByTheNext()
    {
        var begun = new TaskCompletionSource();
        engine.Script.StepCode = async text => { begun.TrySetResult(); await Task.Delay(Timeout.Infinite); return text; };
        engine.Script.MainCode = (w, input) => w.Call(WorkflowScript.Step, input);
        await engine.Workflows.StartAsync(WorkflowScript.Main, "in", "a", default);
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await engine.StopAsync();
        engine.Script.StepCode = text => Task.FromResult(text + "!");
        await engine.StartAsync();
        await AssertOutput("in!");
        Assert.Equal(2, engine.Script.Calls.Count);
    }

    [Fact]
    public async Task Hosts_BesideEachOther_ShareTheWorkAndTakeItOver()
    {
        var other = new WorkflowScript { MainCode = Main };
        engine.Script.MainCode = Main;
        await using var second = engine.Compose("second", other);
        await second.GetRequiredService<EngineHost>().StartAsync(default);
        await second.GetRequiredService<IWorkflows>().StartAsync(WorkflowScript.Main, "in", "a", default);
        await UntilStatusAsync("waiting"); // The first has the hub's only partition.
        Assert.Equal(40, engine.Script.Calls.Count + other.Calls.Count);

        await engine.StopAsync();
        await second.GetRequiredService<IWorkflows>().RaiseAsync("a", WorkflowScript.Go, "x", default);
        await engine.UntilAsync(async () => await second.GetRequiredService<IWorkflows>().FindAsync("a", default) is { IsEnded: true },
            "the second host has taken over");
        await second.GetRequiredService<EngineHost>().StopAsync(default);
        await engine.StartAsync();
        await AssertOutput("40x");

        static async Task<string> Main(IWorkflow w, string input)
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => w.Call(WorkflowScript.Step, $"{i}")));
            w.SetStatus("waiting");
            return all.Length + await w.WaitForEvent(WorkflowScript.Go);
        }
    }

    /// <summary>What the engine keeps is what the recorded histories are: Durable's JSON, led through by its executor.</summary>
    [Fact]
    public async Task History_OfTheEngine_IsReplayedByTheExecutor()
    {
        engine.Script.MainCode = async (w, input) =>
        {
            await w.Delay(TimeSpan.FromSeconds(1));
            return await w.CallWorkflow(WorkflowScript.Child, await w.Call(WorkflowScript.Step, input), "kid");
        };
        await engine.Workflows.StartAsync(WorkflowScript.Main, "in", "a", default);
        await AssertOutput("child of in!");
        var history =
            DurableHistory.Read(DurableHistory.Write(await engine.Get<DurableConnection>().Client.GetOrchestrationHistoryAsync("a")));
        var registry = new WorkflowRegistry();
        registry.AddScript(engine.Script);
        Assert.Equal("\"child of in!\"", Testing.Durable.RecordedHistory.Replay(history, registry.Orchestration("Main"))?.Result);
    }

    private Task UntilStatusAsync(string status) =>
        engine.UntilAsync(async () => await engine.Workflows.FindAsync("a", default) is { CustomStatus: { } s }
        && s.GetString() == status, $"a says '{status}'");

    private async Task AssertOutput(string expected)
    {
        await engine.UntilAsync(async () => await engine.Workflows.FindAsync("a", default) is { IsEnded: true }, "a has ended");
        var found = (await engine.Workflows.FindAsync("a", default))!;
        Assert.True(found.Status == WorkflowStatus.Completed, $"{found.Failure}");
        Assert.Equal(expected, found.Output!.Value.GetString());
    }
}
