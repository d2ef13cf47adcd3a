using System.Diagnostics;
using DurableTask.AzureStorage;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using DurableTask.Core.Tracing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using TriOps.Core.Telemetry;
using TriOps.Durable;
using OrchestrationQuery = Microsoft.DurableTask.Client.OrchestrationQuery;

namespace TriOps.LocalHost.Engine;

/// <summary>Durable's client straight on the Azure Storage back end: what the Functions host binds, without a host in between.</summary>
public sealed class EngineClient(AzureStorageOrchestrationService service) : DurableTaskClient("triops")
{
    private const int PageSize = 100;
    private static readonly DataConverter Json = DurableServices.Json;

    /// <inheritdoc/>
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null,
        StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var instance = new OrchestrationInstance { InstanceId = options?.InstanceId ?? Guid.NewGuid()
            .ToString("N"), ExecutionId = Guid.NewGuid().ToString("N") };
        using var span =
            TriOpsTelemetry.Source.StartActivity($"start {orchestratorName.Name}", ActivityKind.Producer)?.SetTag("workflow.id",
            instance.InstanceId);
        var started = new ExecutionStartedEvent(-1, Json.Serialize(input))
        {
            Name = orchestratorName.Name, Version = "", OrchestrationInstance = instance,
            ParentTraceContext = span is { Id: { } id } ? new DistributedTraceContext(id, span.TraceStateString) : null,
        };
        var taken = options?.DedupeStatuses?.Select(s => (OrchestrationStatus)(int)Enum.Parse<OrchestrationRuntimeStatus>(s)).ToArray();
        await service.CreateTaskOrchestrationAsync(new TaskMessage { OrchestrationInstance = instance, Event = started }, taken ?? []);
        return instance.InstanceId;
    }

    /// <inheritdoc/>
    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null,
        CancellationToken cancellation = default) =>
        SendAsync(instanceId, new EventRaisedEvent(-1, Json.Serialize(eventPayload)) { Name = eventName });

    /// <inheritdoc/>
    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null,
        CancellationToken cancellation = default) =>
        service.ForceTerminateTaskOrchestrationAsync(instanceId, Json.Serialize(options?.Output));

    /// <inheritdoc/>
    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionSuspendedEvent(-1, reason));

    /// <inheritdoc/>
    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionResumedEvent(-1, reason));

    /// <inheritdoc/>
    public override async Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) =>
        await service.GetOrchestrationStateAsync(instanceId, allExecutions: false) is [{ } found, ..]
            ? Show(found, getInputsAndOutputs) : null;

    /// <inheritdoc/>
    public override async Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId,
        CancellationToken cancellation = default) =>
        [.. DurableHistory.Read(await service.GetOrchestrationHistoryAsync(instanceId, null))];

    /// <inheritdoc/>
    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        Pageable.Create(async (after, size, ct) =>
    {
        var all = filter?.FetchInputsAndOutputs ?? false;
        var page = await service.GetOrchestrationWithQueryAsync(new()
        {
            CreatedTimeFrom = filter?.CreatedFrom?.UtcDateTime, CreatedTimeTo = filter?.CreatedTo?.UtcDateTime,
                InstanceIdPrefix = filter?.InstanceIdPrefix,
            PageSize = size ?? filter?.PageSize ?? PageSize, ContinuationToken = after, FetchInputsAndOutputs = all,
        }, ct);
        return new Page<OrchestrationMetadata>([.. page.OrchestrationState.Select(s => Show(s, all))], page.ContinuationToken);
    });

    /// <summary>Nothing here waits by polling: workflows tell their progress.</summary>
    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw new NotSupportedException("Look with GetInstanceAsync.");

    /// <summary>Nothing here waits by polling: workflows tell their progress.</summary>
    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw new NotSupportedException("Look with GetInstanceAsync.");

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => default;

    private Task SendAsync(string instanceId, HistoryEvent e) =>
        service.SendTaskOrchestrationMessageAsync(new TaskMessage { OrchestrationInstance = new() { InstanceId = instanceId }, Event = e });

    private static OrchestrationMetadata Show(OrchestrationState s, bool all) => new(s.Name, s.OrchestrationInstance.InstanceId)
    {
        DataConverter = Json, RuntimeStatus = (OrchestrationRuntimeStatus)(int)s.OrchestrationStatus, CreatedAt = Utc(s.CreatedTime),
            LastUpdatedAt = Utc(s.LastUpdatedTime),
        SerializedInput = all ? s.Input : null, SerializedOutput = all ? s.Output : null, SerializedCustomStatus = s.Status,
    };

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
