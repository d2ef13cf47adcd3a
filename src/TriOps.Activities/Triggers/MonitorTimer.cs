using Cronos;
using Microsoft.Extensions.Logging;
using TriOps.Core.Deployments;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Triggers;

/// <summary>Every minute: starts the check of each watched deployment whose schedule has come due.</summary>
public sealed class MonitorTimer(ProjectStore projects, DeploymentTable deployments, IWorkflows workflows, ILogger<MonitorTimer> log)
{
    /// <summary>Starts CheckDeployment for the window between the last two due times. One window is one instance id, so ticks may repeat; after ticks
    /// were missed, the last window is checked once and the ones before it are not.</summary>
    /// <param name="now">The tick.</param>
    /// <param name="ct">Cancels.</param>
    public async Task HandleAsync(DateTimeOffset now, CancellationToken ct)
    {
        await foreach (var project in AllAsync((page, token) => projects.ListAsync(page, token), ct))
            await foreach (var deployment in AllAsync((page, token) => deployments.ListAsync(project.Name, page, token), ct))
                if (Due(deployment, now) is { } request)
                    await workflows.StartAsync(MonitorSteps.Workflow, request, request.InstanceId, ct);
    }

    /// <summary>The window that is due, or null: nothing is watched, nothing serves, or nothing has been served for a whole window's end.</summary>
    private CheckRequest? Due(Deployment deployment, DateTimeOffset now)
    {
        if (deployment.Monitor is not { } monitor || deployment.Active is null) return null;
        DeploymentRef name = new(deployment.Project, deployment.Name);
        try
        {
            var cron = CronExpression.Parse(monitor.Schedule);
            var to = cron.GetPreviousOccurrence(now, TimeZoneInfo.Utc, inclusive: true);
            var from = to is { } end ? cron.GetPreviousOccurrence(end, TimeZoneInfo.Utc) : null;
            return from is null || to <= deployment.Revisions[0].CreatedAt ? null : new CheckRequest(name, from.Value, to!.Value);
        }
        catch (CronFormatException e)
        {
            log.LogError(e, "Deployment {Deployment} is not watched: its schedule '{Schedule}' is no cron expression", name, monitor.Schedule);
            return null;
        }
    }

    private static async IAsyncEnumerable<T> AllAsync<T>(Func<PageRequest, CancellationToken, Task<Page<T>>> list, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
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
