using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Testing.Fakes;

/// <summary>A workflow engine that runs nothing: it keeps what it was asked and says what the test has put in.</summary>
public sealed class FakeWorkflows(TimeProvider? time = null) : IWorkflows
{
    private readonly TimeProvider time = time ?? TimeProvider.System;

    /// <summary>Instances by id, in order of starting.</summary>
    public Dictionary<string, WorkflowInstance> Instances { get; } = [];

    /// <summary>Steps by instance id.</summary>
    public Dictionary<string, IReadOnlyList<WorkflowStep>> Steps { get; } = [];

    /// <summary>Inputs as given, by instance id.</summary>
    public Dictionary<string, object?> Inputs { get; } = [];

    /// <summary>Events raised.</summary>
    public List<(string InstanceId, string Name, object? Payload)> Raised { get; } = [];

    /// <summary>Instances that were running and were terminated, in order.</summary>
    public List<string> Terminated { get; } = [];

    public Task<bool> StartAsync<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string instanceId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var started =
            Instances.TryAdd(instanceId,
            new(instanceId, workflow.Value, WorkflowStatus.Pending, now, now,
            Input: JsonSerializer.SerializeToElement(input, TriOpsJson.Options)));
        if (started) Inputs[instanceId] = input;
        return Task.FromResult(started);
    }

    public Task RaiseAsync<T>(string instanceId, EventName<T> name, T payload, CancellationToken ct)
    {
        Raised.Add((instanceId, name.Value, payload));
        return Task.CompletedTask;
    }

    public Task TerminateAsync(string instanceId, string reason, CancellationToken ct)
    {
        if (!Instances.TryGetValue(instanceId, out var instance))
            throw new NotFoundException("workflow-missing", $"There is no workflow '{instanceId}' to terminate.");
        if (instance.IsEnded) return Task.CompletedTask;
        Terminated.Add(instanceId);
        Instances[instanceId] = instance
            with { Status = WorkflowStatus.Terminated, Output = JsonSerializer.SerializeToElement(reason), UpdatedAt = time.GetUtcNow() };
        return Task.CompletedTask;
    }

    public Task<WorkflowInstance?> FindAsync(string instanceId, CancellationToken ct) =>
        Task.FromResult(Instances.GetValueOrDefault(instanceId));

    public Task<Page<WorkflowInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct)
    {
        var skip = continuation is null ? 0 : int.Parse(continuation, System.Globalization.CultureInfo.InvariantCulture);
        var found = Instances.Values.Reverse().Where(i => i.InstanceId.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return Task.FromResult(
            new Page<WorkflowInstance>([.. found.Skip(skip).Take(size)], skip + size < found.Count ? $"{skip + size}" : null));
    }

    public Task<IReadOnlyList<WorkflowStep>> StepsAsync(string instanceId, CancellationToken ct) =>
        Task.FromResult(Steps.GetValueOrDefault(instanceId) ?? []);
}
