using System.Text.Json;
using TriOps.Activities.Compute;
using TriOps.Activities.Deployments;
using TriOps.Activities.Experiments;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Termination;

/// <summary>What workflows leave open that ended without running their own last steps: terminated ones, and ones that failed where no code
/// of theirs catches it. A run is closed and its jobs stopped; a revision on its way is taken out. Whatever is asked for is idempotent, and
/// leaves alone what a workflow still works on.</summary>
public sealed class Leftovers(IWorkflows workflows, EndedWorkflows endings, RunLog runs, RunCloser closer, JobStopper jobs,
    DeploymentTable deployments, RollBackRevision rollBack)
{
    /// <summary>Closes every run whose workflow is over.</summary>
    public async Task CloseRunsAsync(CancellationToken ct)
    {
        await foreach (var id in runs.OpenAsync(ct))
        {
            var (over, ended) = await endings.LookAsync(id, ct);
            if (over) await CloseRunAsync(id, ended, ct);
        }
    }

    /// <summary>Takes out the deployment's revisions that are on their way though their workflow is over.</summary>
    public async Task CloseRevisionsAsync(Deployment deployment, CancellationToken ct)
    {
        foreach (var revision in deployment.Revisions.Where(r => r.State is RevisionState.Created or RevisionState.Canary))
        {
            var (over, ended) = await endings.LookAsync(revision.WorkflowId, ct);
            if (!over) continue;
            var taken = new RevisionRef(new(deployment.Project, deployment.Name), revision.Number);
            await rollBack.Run(new(taken, Reason(revision.WorkflowId, ended)), ct);
        }
    }

    /// <summary>Closes what one ended instance has left, by the kind of workflow it is.</summary>
    public async Task CloseAsync(WorkflowInstance ended, CancellationToken ct)
    {
        if (ended.Workflow == TrainSteps.Workflow.Value) await CloseRunAsync(ended.InstanceId, ended, ct);
        else if (ended.Workflow == JobSteps.Workflow.Value) await jobs.StopAsync(ended.InstanceId, Reason(ended.InstanceId, ended), ct);
        else if (ended.Workflow == DeploySteps.Workflow.Value && ended.Input?.Deserialize<DeployRequest>(TriOpsJson.Options) is { } request
            && await deployments.FindAsync(new(request.Version.Project, request.Spec.Name), ct) is { } deployment)
            await CloseRevisionsAsync(deployment, ct);
    }

    private async Task CloseRunAsync(string id, WorkflowInstance? ended, CancellationToken ct)
    {
        var reason = Reason(id, ended);
        foreach (var trial in await runs.TrialsAsync(id, ct))
            if (trial.Status == RunStatus.Running && await workflows.FindAsync(trial.JobId, ct) is { IsEnded: false })
                await workflows.TerminateAsync(trial.JobId, reason, ct);
        await closer.AbandonAsync(new(id, ended?.Status == WorkflowStatus.Failed ? RunStatus.Failed : RunStatus.Cancelled, null, reason),
            ct);
    }

    private static string Reason(string id, WorkflowInstance? ended) => ended switch
    {
        null => $"Workflow {id} is gone: it was removed.",
        { Status: WorkflowStatus.Terminated } =>
        $"Workflow {id} was ended: "
        + $"{(ended.Output is { ValueKind: JsonValueKind.String } reason ? reason.GetString() : "no reason was given")}",
        { Status: WorkflowStatus.Failed } => $"Workflow {id} failed: {ended.Failure?.Message ?? "no reason is known"}",
        _ => $"Workflow {id} ended and left this open.",
    };
}
