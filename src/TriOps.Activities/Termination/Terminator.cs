using TriOps.Core.Workflows;

namespace TriOps.Activities.Termination;

/// <summary>Ends an instance with all below it, and closes what they leave open as soon as they have ended.</summary>
public sealed class Terminator(IWorkflows workflows, Leftovers leftovers, TimeProvider time) : ITermination
{
    private const int MostInstances = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async Task TerminateAsync(string instanceId, string reason, CancellationToken ct)
    {
        await workflows.TerminateAsync(instanceId, reason, ct);
        var begun = time.GetTimestamp();
        var open = new Queue<(string Id, string? Parent)>([(instanceId, null)]);
        for (var seen = 0; seen < MostInstances && open.TryDequeue(out var next); seen++)
        {
            var instance = await workflows.FindAsync(next.Id, ct);
            // What another workflow started, and this one only waits for, goes on.
            if (instance is null || (next.Parent is not null && instance.ParentId != next.Parent)) continue;
            while (!instance.IsEnded && time.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(Pause, time, ct);
                if (await workflows.FindAsync(next.Id, ct) is not { } later) break;
                instance = later;
            }
            if (!instance.IsEnded) return;
            foreach (var step in await workflows.StepsAsync(next.Id, ct))
                if (step.ChildId is { } child) open.Enqueue((child, next.Id));
            await leftovers.CloseAsync(instance, ct);
        }
    }
}
