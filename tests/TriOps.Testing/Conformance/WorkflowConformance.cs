using TriOps.Core.Workflows;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>What every host of the workflows must do, word by word what <see cref="IWorkflow"/> and <see cref="IWorkflows"/> say. Instances
/// have ids of their own in each test, so that one host does for all of them.</summary>
public abstract partial class WorkflowConformance(WorkflowHarness engine) : IAsyncLifetime
{
    protected static readonly WorkflowName<string, string> Main = WorkflowScript.Main, Child = WorkflowScript.Child;
    protected static readonly ActivityName<string, string> Step = WorkflowScript.Step, Other = WorkflowScript.Other;
    protected static readonly EventName<string> Go = WorkflowScript.Go, Stop = WorkflowScript.Stop;

    private readonly string test = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The host.</summary>
    protected WorkflowHarness Engine { get; } = engine;

    protected WorkflowScript Script => Engine.Script;

    public ValueTask InitializeAsync()
    {
        Script.Reset();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends what a test has left, so that it does not run the next one's code.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var left in (await Engine.Workflows.ListAsync($"{test}-", 1000, null, default)).Items)
            if (!left.IsEnded) await Engine.Workflows.TerminateAsync(left.InstanceId, "the test is over", default);
    }

    /// <summary>This test's instance of a name.</summary>
    protected string Id(string name = "a") => $"{test}-{name}";

    /// <summary>Starts "Main" as instance "a".</summary>
    protected async Task BeginAsync(Func<IWorkflow, string, Task<string>> main, string input = "in")
    {
        Script.MainCode = main;
        Assert.True(await Engine.Workflows.StartAsync(Main, input, Id(), default));
    }

    protected async Task<WorkflowInstance> FindAsync(string name = "a") => await Engine.Workflows.FindAsync(Id(name), default)
        ?? throw new InvalidOperationException($"No instance {name}.");

    /// <summary>The instance, once it has ended.</summary>
    protected async Task<WorkflowInstance> EndedAsync(string name = "a")
    {
        await Engine.UntilAsync(async () => await Engine.Workflows.FindAsync(Id(name), default) is { IsEnded: true },
            $"instance {name} has ended");
        return await FindAsync(name);
    }

    protected async Task AssertOutput(string expected, string name = "a")
    {
        var found = await EndedAsync(name);
        Assert.True(found.Status == WorkflowStatus.Completed, $"{found.Status}: {found.Failure}");
        Assert.Equal(expected, found.Output!.Value.GetString());
    }

    /// <summary>Completes when the instance has published that status.</summary>
    protected Task UntilStatusAsync(string status, string name = "a") =>
        Engine.UntilAsync(
            async () =>
            await Engine.Workflows.FindAsync(Id(name), default) is { CustomStatus: { ValueKind: System.Text.Json.JsonValueKind.String } s }
            && s.GetString() == status, $"{name} says '{status}'");

    protected Task RaiseAsync(string payload, EventName<string>? name = null, string to = "a") =>
        Engine.Workflows.RaiseAsync(Id(to), name ?? Go, payload, default);
}
