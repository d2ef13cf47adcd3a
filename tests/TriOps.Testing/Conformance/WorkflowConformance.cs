using TriOps.Core;
using TriOps.Core.Workflows;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>What every workflow engine must do, word by word what <see cref="IWorkflow"/> and <see cref="IWorkflows"/> say.</summary>
public abstract partial class WorkflowConformance : IAsyncLifetime
{
    protected static readonly WorkflowName<string, string> Main = new("Main");
    protected static readonly WorkflowName<string, string> Child = new("Child");
    protected static readonly ActivityName<string, string> Step = new("Step");
    protected static readonly ActivityName<string, string> Other = new("Other");
    protected static readonly EventName<string> Go = new("go");
    protected static readonly EventName<string> Stop = new("stop");

    private WorkflowHarness? harness;

    /// <summary>Calls of the activity "Step", in order.</summary>
    protected List<string> Calls { get; } = [];

    /// <summary>The engine under test.</summary>
    protected WorkflowHarness Engine => harness!;

    /// <summary>A fresh engine.</summary>
    protected abstract WorkflowHarness Create();

    public Task InitializeAsync() { harness = Create(); return Task.CompletedTask; }

    public async Task DisposeAsync() => await Engine.DisposeAsync();

    /// <summary>Registers "Main" and the echoing activity "Step", starts the engine, starts instance "a" and settles.</summary>
    protected async Task BeginAsync(Func<IWorkflow, string, Task<string>> main, string input = "in", Func<string, Task<string>>? step = null, Func<IWorkflow, string, Task<string>>? child = null)
    {
        Engine.Orchestration(Main, main);
        Engine.Orchestration(Child, child ?? ((_, text) => Task.FromResult("child of " + text)));
        Engine.Activity(Step, step ?? (text => Task.FromResult(text + "!")));
        Engine.Activity(Other, text => { lock (Calls) Calls.Add("other " + text); return Task.FromResult(text + "?"); });
        await Engine.StartAsync();
        Assert.True(await Engine.Workflows.StartAsync(Main, input, "a", default));
        await Engine.SettleAsync();
    }

    protected async Task<WorkflowInstance> FindAsync(string id = "a") => await Engine.Workflows.FindAsync(id, default) ?? throw new InvalidOperationException($"No instance {id}.");

    protected async Task AssertOutput(string expected, string id = "a")
    {
        var found = await FindAsync(id);
        Assert.True(found.Status == WorkflowStatus.Completed, $"{found.Status}: {found.Failure}");
        Assert.Equal(expected, found.Output!.Value.GetString());
    }

    protected Task RaiseAsync(string payload, EventName<string>? name = null, string id = "a") => Engine.Workflows.RaiseAsync(id, name ?? Go, payload, default);

    protected Func<string, Task<string>> Counting(Func<string, Task<string>>? then = null) => text =>
    {
        lock (Calls) Calls.Add(text);
        return then?.Invoke(text) ?? Task.FromResult(text + "!");
    };
}
