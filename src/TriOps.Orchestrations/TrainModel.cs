using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Orchestrations;

/// <summary>From a dataset version to a registered model version that passed its gate, and on to its deployment.</summary>
public sealed class TrainModel : IOrchestration<TrainRequest, TrainResult>
{
    /// <summary>Most ends that one step is told of: each may be tens of kilobytes.</summary>
    private const int EndsAStep = 16;

    /// <inheritdoc/>
    public static WorkflowName<TrainRequest, TrainResult> Name => TrainSteps.Workflow;

    /// <inheritdoc/>
    public async Task<TrainResult> Run(IWorkflow workflow, TrainRequest request)
    {
        try
        {
            Report(workflow, "plan", $"Planning {request.Pipeline} on {request.Data}.", 0);
            var run = await workflow.Call(TrainSteps.Plan, new(workflow.InstanceId, request));

            await Search(workflow, run);

            var release = await Release(workflow, new(run.RunId, run.Plan, run.Deploy, request.RequestedBy));

            Report(workflow, "done", release.Gate.Passed ? $"{release.Version} passed its gate."
                : $"{release.Version} was refused by its gate.", 1);
            return new(run.RunId, RunStatus.Completed, release.Version, release.Gate, release.Deployment);
        }
        catch (StepFailedException e)
        {
            Report(workflow, "failed", e.Message, 1);
            await workflow.Call(TrainSteps.EndRun, new(workflow.InstanceId, RunStatus.Failed, null, e.Failure.Message));
            return new(workflow.InstanceId, RunStatus.Failed, Version: null, Gate: null, Deployment: null, e.Failure.Message);
        }
    }

    /// <summary>Keeps as many trials in flight as the plan allows: those that have ended are recorded, and the next learn from
    /// them.</summary>
    private static async Task Search(IWorkflow workflow, PlannedRun run)
    {
        var inFlight = new List<(JobRequest Trial, Task<TrialEnd> End)>();
        var ended = new List<TrialEnd>();
        try { await Search(workflow, run, inFlight, ended); }
        catch (StepFailedException e)
        {
            await GiveUp(workflow, run, inFlight, ended, $"The run failed: {e.Failure.Message}");
            throw;
        }
    }

    /// <param name="workflow">Runs the steps.</param>
    /// <param name="run">What is searched.</param>
    /// <param name="inFlight">Trials whose jobs run, by number.</param>
    /// <param name="ended">Ends that are not recorded yet.</param>
    private static async Task Search(IWorkflow workflow, PlannedRun run, List<(JobRequest Trial, Task<TrialEnd> End)> inFlight,
        List<TrialEnd> ended)
    {
        for (var (started, recorded) = (0, 0); recorded < run.Trials;)
        {
            Report(workflow, "search", $"{recorded + ended.Count} of {run.Trials} trials ended.",
                0.05 + 0.6 * (recorded + ended.Count) / run.Trials);
            var free = Math.Min(run.Parallel - inFlight.Count, run.Trials - started);
            var next = await workflow.Call(TrainSteps.Next, new(run.RunId, run.Plan, [.. ended], started, free));
            (started, recorded) = (started + free, recorded + ended.Count);
            ended.Clear();
            foreach (var trial in next.Trials) inFlight.Add((trial, RunTrial(workflow, run.RunId, trial)));
            if (inFlight.Count == 0) continue;
            await Task.WhenAny(inFlight.Select(t => t.End));
            foreach (var over in inFlight.Where(t => t.End.IsCompleted).Take(EndsAStep).ToList())
            {
                inFlight.Remove(over);
                ended.Add(await over.End);
            }
        }
    }

    /// <summary>Calls off the trials that are under way, waits until none of their jobs runs any more, and records their ends.</summary>
    private static async Task GiveUp(IWorkflow workflow, PlannedRun run, List<(JobRequest Trial, Task<TrialEnd> End)> inFlight,
        List<TrialEnd> ended, string reason)
    {
        foreach (var (trial, _) in inFlight) workflow.SendEvent(trial.JobId, JobSteps.Ended, JobSteps.Cancel(trial.JobId, reason));
        ended.AddRange(await Task.WhenAll(inFlight.Select(t => t.End)));
        foreach (var some in ended.Chunk(EndsAStep))
            try { await workflow.Call(TrainSteps.Next, new(run.RunId, run.Plan, some, First: 0, Count: 0)); }
            catch (StepFailedException) { /* EndRun closes what stays open. */ }
    }

    /// <summary>A trial's job. That it fails is a result like another: the search goes on without it.</summary>
    private static async Task<TrialEnd> RunTrial(IWorkflow workflow, string runId, JobRequest trial)
    {
        try { return new(runId, trial.Trial, await workflow.CallWorkflow(JobSteps.Workflow, trial, trial.JobId)); }
        catch (StepFailedException e)
        {
            return new(runId, trial.Trial, new(trial.JobId, Attempt: 0, JobOutcome.Failed, Error: e.Failure.Message));
        }
    }

    /// <summary>From the trials to a version in service; in runs that began before version 2, by their own steps.</summary>
    private static async Task<ReleaseResult> Release(IWorkflow workflow, ReleaseRequest request)
    {
        if (workflow.Version < 2) return await ReleaseCandidate.Release(workflow, request, from: 0.7);
        Report(workflow, "release", "Choosing, evaluating and registering the best trial's model.", 0.7);
        return await workflow.CallWorkflow(ReleaseSteps.Workflow, request, request.InstanceId);
    }

    private static void Report(IWorkflow workflow, string phase, string message, double progress) =>
        workflow.SetStatus(new WorkflowProgress(phase, message, progress));
}
