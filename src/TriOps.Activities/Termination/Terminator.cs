using TriOps.Core.Workflows;

namespace TriOps.Activities.Termination;

/// <summary>Ends an instance with all below it, and closes what they leave open. Top down, each only when the one above has ended: until then it could start
/// more, and would take its child's end for a failure to deal with. (Durable's own recursive termination does nothing on Azure Storage.)</summary>
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
            if (await workflows.FindAsync(id, ct) is not { } instance) continue;
            if (!instance.IsEnded && id != instanceId) await workflows.TerminateAsync(id, reason, ct);
            while (!instance.IsEnded)
            {
                if (time.GetElapsedTime(begun) > Patience) return; // Orphans goes on.
                await Task.Delay(Pause, time, ct);
                if (await workflows.FindAsync(id, ct) is not { } later) break;
                instance = later;
            }
            foreach (var step in await workflows.StepsAsync(id, ct))
                if (step.ChildId is { } child) open.Enqueue(child);
            await leftovers.CloseAsync(instance, ct);
        }
    }
}
