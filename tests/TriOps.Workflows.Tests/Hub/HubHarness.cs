using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.Testing.Conformance;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

/// <summary>The adapter over Durable's executor in memory.</summary>
public sealed class HubHarness : WorkflowHarness
{
    public HubHarness()
    {
        var registry = new WorkflowRegistry();
        registry.AddScript(Script);
        Hub = new DurableHub(registry, Time);
        var connection = new DurableConnection();
        connection.Use(new HubClient(Hub));
        Workflows = new DurableWorkflows(connection, Time);
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public DurableHub Hub { get; }
    public override IWorkflows Workflows { get; }

    public override async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        await Hub.SettleAsync();
        for (var second = 0; !await condition(); second++)
        {
            if (second == 60) throw new TimeoutException($"Not within a minute: {what}.");
            await Hub.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
    }
}

internal static class ScriptRegistration
{
    public static void AddScript(this WorkflowRegistry registry, WorkflowScript script) => registry
        .AddOrchestration(WorkflowScript.Main, script.RunMain).AddOrchestration(WorkflowScript.Child, script.RunChild)
        .AddActivity(WorkflowScript.Step, script.RunStep).AddActivity(WorkflowScript.Other, WorkflowScript.RunOther).AddActivity(WorkflowScript.Records, WorkflowScript.RunRecords);
}
