using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.Testing.Conformance;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

/// <summary>The adapter over Durable's executor in memory.</summary>
public sealed class HubHarness : WorkflowHarness
{
    private readonly DurableBench bench = new();

    public HubHarness() => bench.Registry.AddScript(Script);

    public FakeTimeProvider Time => bench.Time;
    public DurableHub Hub => bench.Hub;
    public override IWorkflows Workflows => bench.Workflows;

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
        .AddActivity(WorkflowScript.Step, script.RunStep).AddActivity(WorkflowScript.Other, WorkflowScript.RunOther)
        .AddActivity(WorkflowScript.Records, WorkflowScript.RunRecords);
}
