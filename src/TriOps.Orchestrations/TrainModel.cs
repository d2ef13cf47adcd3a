using TriOps.Core.Compute;
using TriOps.Core.Deployments;
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
            var run = await workflow.Call(TrainSteps.Plan, new(workflow.InstanceId, request), Retry.Standard);

            await Search(workflow, run);

            Report(workflow, "choose", "Choosing the best trial whose exported model reproduces the trainer's outputs.", 0.7);
            var candidate = await workflow.Call(TrainSteps.Choose, new(run.RunId, run.Plan), Retry.Standard);

            var against = candidate.Champion is { } champion ? $", beside champion {champion}" : "";
            Report(workflow, "evaluate", $"Evaluating trial {candidate.Trial} on the test rows{against}.", 0.75);
            var evaluated = await workflow.Call(TrainSteps.Evaluate, candidate, Retry.Standard);

            Report(workflow, "register", $"Holding trial {candidate.Trial} against the gate on {evaluated.Rows} rows in {evaluated.Slices} slices, and registering it.", 0.85);
            var model = await workflow.Call(TrainSteps.Register, evaluated, Retry.Standard);

            var deployment = await Deploy(workflow, request, run, model);

            Report(workflow, "done", model.Verdict.Passed ? $"{model.Version} passed its gate." : $"{model.Version} was refused by its gate.", 1);
            return new(run.RunId, RunStatus.Completed, model.Version, model.Verdict, deployment);
        }
        catch (StepFailedException e)
        {
            Report(workflow, "failed", e.Message, 1);
            await workflow.Call(TrainSteps.EndRun, new(workflow.InstanceId, RunStatus.Failed, null, e.Failure.Message), Retry.Standard);
            return new(workflow.InstanceId, RunStatus.Failed, Version: null, Gate: null, Deployment: null, e.Failure.Message);
        }
    }

    /// <summary>Keeps as many trials in flight as the plan allows: those that have ended are recorded, and the next learn from them.</summary>
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
    private static async Task Search(IWorkflow workflow, PlannedRun run, List<(JobRequest Trial, Task<TrialEnd> End)> inFlight, List<TrialEnd> ended)
    {
        for (var (started, recorded) = (0, 0); recorded < run.Trials;)
        {
            Report(workflow, "search", $"{recorded + ended.Count} of {run.Trials} trials ended.", 0.05 + 0.6 * (recorded + ended.Count) / run.Trials);
            var free = Math.Min(run.Parallel - inFlight.Count, run.Trials - started);
            var next = await workflow.Call(TrainSteps.Next, new(run.RunId, run.Plan, [.. ended], started, free), Retry.Standard);
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
    private static async Task GiveUp(IWorkflow workflow, PlannedRun run, List<(JobRequest Trial, Task<TrialEnd> End)> inFlight, List<TrialEnd> ended, string reason)
    {
        foreach (var (trial, _) in inFlight) workflow.SendEvent(trial.JobId, JobSteps.Ended, JobSteps.Cancel(trial.JobId, reason));
        ended.AddRange(await Task.WhenAll(inFlight.Select(t => t.End)));
        foreach (var some in ended.Chunk(EndsAStep))
            try { await workflow.Call(TrainSteps.Next, new(run.RunId, run.Plan, some, First: 0, Count: 0), Retry.Standard); }
            catch (StepFailedException) { /* EndRun closes what stays open. */ }
    }

    /// <summary>A trial's job. That it fails is a result like another: the search goes on without it.</summary>
    private static async Task<TrialEnd> RunTrial(IWorkflow workflow, string runId, JobRequest trial)
    {
        try { return new(runId, trial.Trial, await workflow.CallWorkflow(JobSteps.Workflow, trial, trial.JobId)); }
        catch (StepFailedException e) { return new(runId, trial.Trial, new(trial.JobId, Attempt: 0, JobOutcome.Failed, Error: e.Failure.Message)); }
    }

    /// <summary>Brings a version that passed its gate into service, where the pipeline says so. The version stands, whatever comes of it.</summary>
    private static async Task<DeployResult?> Deploy(IWorkflow workflow, TrainRequest asked, PlannedRun run, RegisteredModel model)
    {
        if (run.Deploy is null || !model.Verdict.Passed) return null;
        Report(workflow, "deploy", $"Bringing {model.Version} into service at {run.Deploy.Name}.", 0.95);
        var request = new DeployRequest(model.Version, run.Deploy, asked.RequestedBy ?? $"run {run.RunId}");
        try { return await workflow.CallWorkflow(DeploySteps.Workflow, request, request.InstanceId("auto")); }
        catch (StepFailedException e) { return new(Revision: null, RevisionState.RolledBack, e.Failure.Message); }
    }

    private static void Report(IWorkflow workflow, string phase, string message, double progress) =>
        workflow.SetStatus(new WorkflowProgress(phase, message, progress));
}
