using TriOps.Core.Workflows;

namespace TriOps.Activities.Termination;

/// <summary>Ends an instance with all below it, and closes what they leave open. Top down, each only when the one above has ended: until
/// then it could start more, and would take its child's end for a failure to deal with. (Durable's own recursive termination does nothing
/// on Azure Storage.)</summary>
public sealed class Terminator(IWorkflows workflows, Leftovers leftovers, TimeProvider time) : ITermination
{
    private const int MostInstances = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async Task TerminateAsync(string instanceId, string reason, CancellationToken ct)
    {
        await workflows.TerminateAsync(instanceId, reason, ct);
        var begun = time.GetTimestamp();
        var open = new Queue<string>([instanceId]);
        for (var seen = 0; seen < MostInstances && open.TryDequeue(out var id); seen++)
        {
            if (id != instanceId && await workflows.FindAsync(id, ct) is { IsEnded: false }) await workflows.TerminateAsync(id, reason, ct);
            var instance = await workflows.FindAsync(id, ct);
            for (; instance is { IsEnded: false }; instance = await workflows.FindAsync(id, ct))
            {
                if (time.GetElapsedTime(begun) > Patience) return; // Orphans goes on.
                await Task.Delay(Pause, time, ct);
            }
            if (instance is null) continue;
            foreach (var step in await workflows.StepsAsync(id, ct))
                if (step.ChildId is { } child) open.Enqueue(child);
            await leftovers.CloseAsync(instance, ct);
        }
    }
}
