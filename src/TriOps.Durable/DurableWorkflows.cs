using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Durable;

/// <summary>The workflow engine as triggers, HTTP and pages see it, over Durable's client.</summary>
public sealed class DurableWorkflows(DurableConnection connection, TimeProvider time) : IWorkflows
{
    /// <summary>A start is refused whatever the instance of that id is doing or has done. (Of the two other statuses one is never stored,
    /// one obsolete.)</summary>
    private static readonly OrchestrationRuntimeStatus[] AnyStatus =
    [
        OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated,
    ];

    /// <summary>How far back a listing looks for its next page: ever farther, because Durable lists by id and the page must be the
    /// newest.</summary>
    private static readonly TimeSpan?[] Windows =
        [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(14), TimeSpan.FromDays(180), null];

    /// <inheritdoc/>
    public async Task<bool> StartAsync<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string instanceId, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        if (await ExistsAsync(instanceId, ct)) return false;
        try
        {
            await connection.Client.ScheduleNewOrchestrationInstanceAsync(workflow.Value,
                (object)new WorkflowStart<TIn>(input) { Code = workflow.Version }, new StartOrchestrationOptions(instanceId)
                .WithDedupeStatuses(AnyStatus), ct);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (await ExistsAsync(instanceId, ct)) return false; // Another was quicker. Which exception says so is the host's choice.
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task RaiseAsync<T>(string instanceId, EventName<T> name, T payload, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        try { await connection.Client.RaiseEventAsync(instanceId, name.Value, payload, ct); }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A host may refuse what nobody is left to hear (throwStatusExceptionsOnRaiseEvent); which exception says so is its choice.
            if (await FindAsync(instanceId, ct) is { IsEnded: false }) throw;
        }
    }

    /// <inheritdoc/>
    public async Task TerminateAsync(string instanceId, string reason, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        var there = await FindAsync(instanceId, ct)
            ?? throw new NotFoundException("workflow-missing", $"There is no workflow '{instanceId}' to terminate.");
        if (there.IsEnded) return;
        // Recursive does nothing on Azure Storage.
        await connection.Client.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(reason), ct);
    }

    /// <inheritdoc/>
    public async Task<WorkflowInstance?> FindAsync(string instanceId, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        return await connection.Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, ct) is { } found ? Show(found) : null;
    }

    /// <inheritdoc/>
    public async Task<Core.Storage.Page<WorkflowInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct)
    {
        if (size is < 1 or > 1000)
            throw new InvalidInputException("page-size-invalid", $"A page of {size} was asked for; 1 to 1000 are possible.");
        var last = continuation is null ? null : Position.Parse(continuation);
        var newest = last?.At ?? time.GetUtcNow();
        foreach (var window in Windows)
        {
            var query = new OrchestrationQuery(CreatedFrom: newest - window, CreatedTo: last?.At, InstanceIdPrefix: prefix.Length == 0
                ? null : prefix, PageSize: 1000, FetchInputsAndOutputs: true);
            var found = new List<OrchestrationMetadata>();
            await foreach (var instance in connection.Client.GetAllInstancesAsync(query).WithCancellation(ct))
                if (last is null || Position.Of(instance).CompareTo(last) > 0) found.Add(instance);
            if (found.Count <= size && window is not null) continue;
            var page = found.OrderBy(Position.Of).Take(size).ToList();
            return new([.. page.Select(Show)], found.Count > size ? Position.Of(page[^1]).ToString() : null);
        }
        throw new InvalidOperationException("The last window has no end.");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WorkflowStep>> StepsAsync(string instanceId, CancellationToken ct) =>
        await ExistsAsync(instanceId, ct) ? DurableSteps.Of(await connection.Client.GetOrchestrationHistoryAsync(instanceId, ct)) : [];

    private async Task<bool> ExistsAsync(string instanceId, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        return await connection.Client.GetInstanceAsync(instanceId, ct) is not null;
    }

    private static WorkflowInstance Show(OrchestrationMetadata m)
    {
        var status = m.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Pending => WorkflowStatus.Pending,
            OrchestrationRuntimeStatus.Completed => WorkflowStatus.Completed,
            OrchestrationRuntimeStatus.Failed => WorkflowStatus.Failed,
            OrchestrationRuntimeStatus.Terminated => WorkflowStatus.Terminated,
            _ => WorkflowStatus.Running,
        };
        var start = Json(m.SerializedInput) is { ValueKind: JsonValueKind.Object } envelope
            ? envelope.Deserialize<WorkflowStart<JsonElement?>>(TriOpsJson.Options) : null;
        var failed = status == WorkflowStatus.Failed;
        return new(m.InstanceId, m.Name, status, m.CreatedAt, m.LastUpdatedAt, start?.Parent, start?.Input, failed ? null
            : Json(m.SerializedOutput), Json(m.SerializedCustomStatus),
            failed ? StepFaultException.Read(m.FailureDetails, m.SerializedOutput) : null);
    }

    /// <summary>What is no JSON (the reason of a termination from the portal) is shown as text.</summary>
    private static JsonElement? Json(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try { return JsonSerializer.Deserialize<JsonElement>(text, TriOpsJson.Options); }
        catch (JsonException) { return JsonSerializer.SerializeToElement(text, TriOpsJson.Options); }
    }

    /// <summary>A place in the listing: newest first, then by id.</summary>
    private sealed record Position(DateTimeOffset At, string Id) : IComparable<Position>
    {
        public static Position Of(OrchestrationMetadata m) => new(m.CreatedAt, m.InstanceId);

        public static Position Parse(string text) =>
            text.Split('|', 2) is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n <= DateTimeOffset.MaxValue.UtcTicks
                ? new(new(n, TimeSpan.Zero), id)
                : throw new InvalidInputException("continuation-invalid",
                $"'{text}' is no position in a listing of workflows. Send the one of the page before, unchanged.");

        public int CompareTo(Position? other) => other is null ? 1 : At != other.At ? other.At.CompareTo(At)
            : string.CompareOrdinal(Id, other.Id);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}|{Id}");
    }
}
