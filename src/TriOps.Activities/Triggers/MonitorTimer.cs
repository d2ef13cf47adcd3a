using Cronos;
using Microsoft.Extensions.Logging;
using TriOps.Activities.Termination;
using TriOps.Core.Deployments;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Triggers;

/// <summary>At every tick: closes what workflows that are over have left open, and starts the check of each watched deployment whose
/// schedule has come due.</summary>
public sealed class MonitorTimer(ProjectStore projects, DeploymentTable deployments, IWorkflows workflows, Orphans orphans,
    Leftovers leftovers, ILogger<MonitorTimer> log)
{
    /// <summary>Ends orphans; closes leftovers; starts CheckDeployment for the window between the last two due times. One window is one
    /// instance id, so ticks may repeat; after ticks were missed, the last window is checked once and the ones before it are not.</summary>
    /// <param name="now">The tick.</param>
    /// <param name="ct">Cancels.</param>
    public async Task HandleAsync(DateTimeOffset now, CancellationToken ct)
    {
        await TryAsync(() => orphans.EndRunsAsync(ct), "The runs below terminated workflows could not all be ended", ct);
        await TryAsync(() => leftovers.CloseRunsAsync(ct), "The runs that are under way could not all be looked at", ct);
        await foreach (var project in AllAsync((page, token) => projects.ListAsync(page, token), ct))
            await foreach (var deployment in AllAsync((page, token) => deployments.ListAsync(project.Name, page, token), ct))
            {
                await TryAsync(() => orphans.EndRevisionsAsync(deployment, ct),
                    $"The roll-outs of {deployment.Project}/{deployment.Name} could not all be looked at", ct);
                await TryAsync(() => leftovers.CloseRevisionsAsync(deployment, ct),
                    $"Revisions of {deployment.Project}/{deployment.Name} could not all be looked at", ct);
                if (Due(deployment, now) is { } request)
                    await workflows.StartAsync(MonitorSteps.Workflow, request, request.InstanceId, ct);
            }
    }

    /// <summary>One thing that cannot be put in order must not keep the deployments from being watched.</summary>
    private async Task TryAsync(Func<Task> work, string failure, CancellationToken ct)
    {
        try { await work(); }
        catch (Exception e) when (!ct.IsCancellationRequested) { log.LogError(e, "{Failure}; the next tick tries again", failure); }
    }

    /// <summary>The window that is due, or null: nothing is watched, nothing serves, or nothing has been served for a whole window's
    /// end.</summary>
    private CheckRequest? Due(Deployment deployment, DateTimeOffset now)
    {
        if (deployment.Monitor is not { } monitor || deployment.Active is null) return null;
        DeploymentRef name = new(deployment.Project, deployment.Name);
        try
        {
            var cron = CronExpression.Parse(monitor.Schedule);
            var to = cron.GetPreviousOccurrence(now, TimeZoneInfo.Utc, inclusive: true);
            var from = to is { } end ? cron.GetPreviousOccurrence(end, TimeZoneInfo.Utc) : null;
            return from is null || to <= deployment.Revisions[0].CreatedAt ? null
                : new CheckRequest(name, from.Value, to!.Value, Scheduled: true);
        }
        catch (CronFormatException e)
        {
            log.LogError(e, "Deployment {Deployment} is not watched: its schedule '{Schedule}' is no cron expression", name,
                monitor.Schedule);
            return null;
        }
    }

    private static async IAsyncEnumerable<T> AllAsync<T>(Func<PageRequest, CancellationToken, Task<Page<T>>> list,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        string? continuation = null;
        do
        {
            var page = await list(new PageRequest(200, continuation), ct);
            foreach (var item in page.Items) yield return item;
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
