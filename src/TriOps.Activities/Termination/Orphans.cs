using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Termination;

/// <summary>Workflows that go on though one above them was terminated: whoever terminated it died, or lost patience, before it came to
/// them.</summary>
public sealed class Orphans(IWorkflows workflows, RunLog runs, ITermination termination)
{
    /// <summary>Ends every run that is under way below a terminated workflow.</summary>
    public async Task EndRunsAsync(CancellationToken ct)
    {
        await foreach (var id in runs.OpenAsync(ct)) await EndAsync(id, ct);
    }

    /// <summary>Ends the roll-outs of a deployment that are under way below a terminated workflow.</summary>
    public async Task EndRevisionsAsync(Deployment deployment, CancellationToken ct)
    {
        foreach (var revision in deployment.Revisions.Where(r => r.State is RevisionState.Created or RevisionState.Canary))
            await EndAsync(revision.WorkflowId, ct);
    }

    private async Task EndAsync(string id, CancellationToken ct)
    {
        if (await workflows.FindAsync(id, ct) is not { IsEnded: false } running) return;
        for (var at = running.ParentId; at is not null && await workflows.FindAsync(at, ct) is { } above; at = above.ParentId)
        {
            if (above.Status != WorkflowStatus.Terminated) continue;
            await termination.TerminateAsync(id, $"Workflow {above.InstanceId}, which started it, was terminated.", ct);
            return;
        }
    }
}
