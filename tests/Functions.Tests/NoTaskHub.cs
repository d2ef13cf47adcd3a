using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace TriOps.Functions.Tests;

/// <summary>The client that a function is handed in a test of triggers and pages. What is done with it is for the tests of the adapter, so
/// any use of it fails.</summary>
internal sealed class NoTaskHub() : DurableTaskClient("TriOps")
{
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null,
        StartOrchestrationOptions? options = null, CancellationToken cancellation = default) => throw Used();
    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null,
        CancellationToken cancellation = default) => throw Used();
    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw Used();
    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw Used();
    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw Used();
    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw Used();
    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw Used();
    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw Used();
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException Used() => new("The test has a FakeWorkflows; nothing may reach the task hub.");
}
