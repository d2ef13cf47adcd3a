using System.Collections.Concurrent;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Termination;

/// <summary>Tells workflows that are over from those that the engine does not show yet. A child's first step may have been taken before the
/// child itself is to be seen (Azure Storage's engine sends a turn's messages, then writes the instance), and a host that dies between the
/// two starts again in that state.</summary>
public sealed class EndedWorkflows(IWorkflows workflows, TimeProvider time)
{
    /// <summary>How long an instance must have been missing, as this process saw it: twice the five minutes for which the engine hides a
    /// dead host's messages.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> missingSince = new(StringComparer.Ordinal);

    /// <summary>Whether it is over, and how it ended; an instance that was removed is over without an end.</summary>
    public async Task<(bool Over, WorkflowInstance? Ended)> LookAsync(string id, CancellationToken ct)
    {
        if (await workflows.FindAsync(id, ct) is { } found)
        {
            missingSince.TryRemove(id, out _);
            return (found.IsEnded, found.IsEnded ? found : null);
        }
        if (time.GetUtcNow() - missingSince.GetOrAdd(id, _ => time.GetUtcNow()) < Grace) return (false, null);
        missingSince.TryRemove(id, out _);
        return (true, null);
    }
}
