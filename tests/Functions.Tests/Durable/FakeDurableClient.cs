using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace TriOps.Functions.Tests.Durable;

/// <summary>Durable's client on a <see cref="FakeHub"/>: the id of an ended instance is free unless its status is listed, listings go by id, the failure details of an instance
/// are empty as with Azure Storage, and what reads inputs without asking for them gets none.</summary>
internal sealed class FakeDurableClient(FakeHub hub) : DurableTaskClient
{
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options!.InstanceId!;
        if (hub.Instances.TryGetValue(id, out var there) && (!there.IsEnded || options.DedupeStatuses?.Contains(there.Status.ToString()) == true))
            throw new InvalidOperationException($"An orchestration with the id '{id}' exists already.");
        hub.Create(id, orchestratorName, hub.Write(input));
        return Task.FromResult(id);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        hub.Send(instanceId, new EventRaisedEvent(-1, hub.Write(eventPayload)) { Name = eventName });
        return Task.CompletedTask;
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        if (!hub.Instances.TryGetValue(instanceId, out var there) || there.IsEnded) throw new InvalidOperationException($"'{instanceId}' cannot be terminated.");
        hub.Terminate(instanceId, hub.Write(options?.Output), options?.Recursive == true);
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(hub.Instances.TryGetValue(instanceId, out var there) ? Show(there, getInputsAndOutputs) : null);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => new All(hub.Instances.Values
        .Where(i => filter?.InstanceIdPrefix is null || i.Id.StartsWith(filter.InstanceIdPrefix, StringComparison.Ordinal))
        .Where(i => filter?.CreatedFrom is null || i.CreatedAt >= filter.CreatedFrom).Where(i => filter?.CreatedTo is null || i.CreatedAt <= filter.CreatedTo)
        .Select(i => Show(i, filter?.FetchInputsAndOutputs == true)).ToList());

    public override Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation) => Task.FromResult(new PurgeResult(hub.Instances.Remove(instanceId) ? 1 : 0));

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        Task.FromResult<IList<HistoryEvent>>([.. hub.Instances[instanceId].History.SelectMany(t => t.Came.Concat(t.Asked))]);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static OrchestrationMetadata Show(FakeInstance i, bool all) => new(i.Name, i.Id)
    {
        RuntimeStatus = i.Status, CreatedAt = i.CreatedAt, LastUpdatedAt = i.UpdatedAt,
        SerializedInput = all ? i.Input : null, SerializedOutput = all ? i.Output : null, SerializedCustomStatus = all ? i.CustomStatus : null,
    };

    private sealed class All(IReadOnlyList<OrchestrationMetadata> items) : AsyncPageable<OrchestrationMetadata>
    {
        public override async IAsyncEnumerator<OrchestrationMetadata> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            foreach (var item in items) yield return item;
        }
    }
}
