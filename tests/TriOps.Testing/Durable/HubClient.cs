using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using TriOps.Durable;

namespace TriOps.Testing.Durable;

/// <summary>Durable's client to a <see cref="DurableHub"/>. It refuses what the Functions host refuses.</summary>
public sealed class HubClient(DurableHub hub) : DurableTaskClient("hub")
{
    private static readonly DataConverter Json = DurableServices.Json;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null,
        StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        if (hub.Find(id) is not null) throw new InvalidOperationException($"An instance '{id}' exists.");
        hub.Start(id, orchestratorName.Name, Json.Serialize(input));
        return Task.FromResult(id);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null,
        CancellationToken cancellation = default)
    {
        if (hub.Find(instanceId) is not { End: null })
            throw new InvalidOperationException("FailedPrecondition or NotFound, as a host says whose host.json does not forbid it.");
        hub.Send(instanceId, new EventRaisedEvent(-1, Json.Serialize(eventPayload)) { Name = eventName });
        return Task.CompletedTask;
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null,
        CancellationToken cancellation = default)
    {
        hub.Send(instanceId, new ExecutionTerminatedEvent(-1, Json.Serialize(options?.Output)));
        return Task.CompletedTask;
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();
    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) =>
        Task.FromResult(hub.Find(instanceId) is { } found ? Show(found, getInputsAndOutputs) : null);

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        Task.FromResult<IList<HistoryEvent>>([.. hub.History(instanceId)]);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        Pageable.Create((_, _, _) => Task.FromResult(new Page<OrchestrationMetadata>(
        [.. hub.Instances.Where(i => (filter?.InstanceIdPrefix is not { } prefix || i.Id.StartsWith(prefix, StringComparison.Ordinal))
        && !(i.Created < filter?.CreatedFrom?.UtcDateTime) && !(i.Created > filter?.CreatedTo?.UtcDateTime))
            .OrderBy(i => i.Id, StringComparer.Ordinal).Select(i => Show(i, filter?.FetchInputsAndOutputs ?? false))], null)));

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw new NotSupportedException();
    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw new NotSupportedException();
    public override ValueTask DisposeAsync() => default;

    private static OrchestrationMetadata Show(HubInstance i, bool all) => new(i.Name, i.Id)
    {
        DataConverter = Json, CreatedAt = i.Created, LastUpdatedAt = i.Updated,
        RuntimeStatus = i.End is { } end ? (OrchestrationRuntimeStatus)(int)end.OrchestrationStatus : i.Past.Count == 0
        ? OrchestrationRuntimeStatus.Pending : OrchestrationRuntimeStatus.Running,
        // A failure's details are not kept, as on Azure Storage.
        SerializedInput = all ? i.Input : null, SerializedOutput = all ? i.End?.Result : null, SerializedCustomStatus = i.Status,
    };
}
