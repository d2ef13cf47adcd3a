using System.Diagnostics;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>The journal as triggers, HTTP and pages see it.</summary>
public sealed class JournalWorkflows(JournalHub hub) : IWorkflows
{
    /// <inheritdoc/>
    public Task<bool> StartAsync<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string instanceId, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        hub.Registry.Orchestration(workflow.Value);
        return hub.CreateAsync(instanceId, workflow.Value, Payload.Of(input), null, Activity.Current?.Id, ct);
    }

    /// <inheritdoc/>
    public Task RaiseAsync<T>(string instanceId, EventName<T> name, T payload, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        return hub.SendAsync(instanceId, new RaiseMessage(JournalMessage.NewId(hub.Time), name.Value, Sent: false) { Data = Payload.Of(payload) }, ct);
    }

    /// <inheritdoc/>
    public async Task TerminateAsync(string instanceId, string reason, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        if (await hub.Store.FindAsync(instanceId, ct) is null) throw new NotFoundException("workflow-missing", $"There is no workflow '{instanceId}' to terminate.");
        await hub.SendAsync(instanceId, new TerminateMessage(JournalMessage.NewId(hub.Time), reason, null), ct);
    }

    /// <inheritdoc/>
    public async Task<WorkflowInstance?> FindAsync(string instanceId, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        return await hub.Store.FindAsync(instanceId, ct) is { } found ? await ShowAsync(found, ct) : null;
    }

    /// <inheritdoc/>
    public async Task<Core.Storage.Page<WorkflowInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct)
    {
        if (size is < 1 or > 1000) throw new InvalidInputException("page-size-invalid", $"A page of {size} was asked for; 1 to 1000 are possible.");
        var page = await hub.Store.ListAsync(prefix, size, continuation, ct);
        var items = new List<WorkflowInstance>(page.Items.Count);
        foreach (var item in page.Items) items.Add(await ShowAsync(item, ct));
        return new(items, page.Continuation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WorkflowStep>> StepsAsync(string instanceId, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        return await hub.Store.LoadAsync(instanceId, ct) is { } stored ? JournalSteps.Of(stored.History) : [];
    }

    /// <inheritdoc/>
    public async Task<bool> PurgeAsync(string instanceId, CancellationToken ct)
    {
        InstanceIds.Check(instanceId);
        // While messages of its end are on their way, an instance has not quite ended.
        if (await hub.Store.LoadAsync(instanceId, ct) is not { Instance.IsEnded: true, Outbox.Count: 0 } stored) return false;
        await hub.Payloads.PurgeAsync(instanceId, ct);
        await hub.Store.PurgeAsync(stored.Instance, ct);
        return true;
    }

    private async Task<WorkflowInstance> ShowAsync(JournalInstance i, CancellationToken ct) => new(i.Id, i.Workflow,
        i.Status, i.CreatedAt, i.UpdatedAt, i.StartedBy?.InstanceId,
        (await hub.Payloads.LoadAsync(i.Input, ct))?.Content, (await hub.Payloads.LoadAsync(i.Output, ct))?.Content, i.CustomStatus, i.Failure);
}
