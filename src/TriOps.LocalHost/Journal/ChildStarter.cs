using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>Starts the child that a step asked for, or joins the instance that is there. May be repeated: the child's row says which step
/// started it.</summary>
internal sealed class ChildStarter(JournalHub hub, Waiter parent, string? trace)
{
    /// <summary>Sees to it that the parent will be told of the child's end.</summary>
    /// <returns>Why that is impossible, or null.</returns>
    public async Task<StepFailure?> EnsureAsync(ChildScheduled step, CancellationToken ct)
    {
        var waiter = parent with { Seq = step.Seq };
        var input = await hub.Payloads.LoadAsync(step.Data, ct) ?? new();
        while (true)
        {
            if (await hub.CreateAsync(step.InstanceId, step.Name, input, waiter, trace, ct)) return null;
            if (await hub.Store.FindAsync(step.InstanceId, ct) is not { } there) continue;
            if (there.StartedBy == waiter)
            {
                await WakeAsync(there, ct);
                return null;
            }
            if (there.Workflow != step.Name)
                return StepFailure.Of(new ConflictException("workflow-id-taken", $"Instance '{step.InstanceId}' runs '{there.Workflow}', not '{step.Name}'. Choose another id."));
            if (there.Status is not (WorkflowStatus.Failed or WorkflowStatus.Terminated))
            {
                await hub.SendAsync(step.InstanceId, new JoinMessage($"{step.At.UtcTicks:D19}-join-{waiter.InstanceId}-{waiter.Execution}-{waiter.Seq}", waiter), ct);
                return null;
            }
            if (await RestartAsync(there, input, waiter, ct)) return null;
        }
    }

    // What failed is not joined: a retry under the same id means another try, as a new execution.
    private async Task<bool> RestartAsync(JournalInstance failed, Payload input, Waiter waiter, CancellationToken ct)
    {
        var now = hub.Time.GetUtcNow();
        var stored = await hub.Payloads.StoreAsync(failed.Id, input, hub.Options.MaxInlineBytes, ct);
        var first = hub.First(now, failed.Workflow, failed.Execution + 1, stored!, waiter, trace);
        var again = failed with
        {
            Status = WorkflowStatus.Pending, Execution = failed.Execution + 1, Batches = 1, Begun = false, Owner = null, StartedBy = waiter, Input = stored,
            UpdatedAt = now, Output = null, Failure = null, CustomStatus = null,
        };
        await hub.Store.PokeAsync(failed.Id, ct);
        try { await hub.Store.CommitAsync(new(again, [first], [], []), ct); }
        catch (ConflictException) { return false; }
        await WakeAsync(again, ct);
        return true;
    }

    // Who ended the instance before may be about to take it off the active ones.
    private async Task WakeAsync(JournalInstance child, CancellationToken ct)
    {
        if (!child.IsEnded) await hub.Store.PokeAsync(child.Id, ct);
        hub.Look(child.Id);
    }
}
