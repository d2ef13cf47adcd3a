using TriOps.Core.Compute;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Workflows;

namespace TriOps.Orchestrations;

/// <summary>From a dataset version to a registered model version that passed its gate, and on to its deployment.</summary>
public sealed class TrainModel : IOrchestration<TrainRequest, TrainResult>
{
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

            Report(workflow, "evaluate", $"Evaluating trial {candidate.Trial} on {candidate.Slices.Count} slices of the test rows.", 0.75);
            var slices = await Task.WhenAll(candidate.Slices.Select(slice => workflow.Call(TrainSteps.EvaluateSlice, new(candidate, slice), Retry.Standard)));

            Report(workflow, "gate", $"Holding trial {candidate.Trial} against the gate.", 0.85);
            var gated = await workflow.Call(TrainSteps.DecideGate, new(candidate, slices), Retry.Standard);

            Report(workflow, "register", $"Registering trial {candidate.Trial}; the gate {(gated.Verdict.Passed ? "passed" : "refused")} it.", 0.9);
            var model = await workflow.Call(TrainSteps.Register, gated, Retry.Standard);
            await workflow.Call(TrainSteps.EndRun, new(run.RunId, RunStatus.Completed, model.Version.Number, null), Retry.Standard);

            var deployment = await Deploy(workflow, run, model);

            Report(workflow, "done", gated.Verdict.Passed ? $"{model.Version} passed its gate." : $"{model.Version} was refused by its gate.", 1);
            return new(run.RunId, RunStatus.Completed, model.Version, gated.Verdict, deployment);
        }
        catch (StepFailedException e)
        {
            Report(workflow, "failed", e.Message, 1);
            await workflow.Call(TrainSteps.EndRun, new(workflow.InstanceId, RunStatus.Failed, null, e.Failure.Message), Retry.Standard);
            return new(workflow.InstanceId, RunStatus.Failed, Version: null, Gate: null, Deployment: null, e.Failure.Message);
        }
    }

    /// <summary>Keeps as many trials in flight as the plan allows: as one ends it is recorded, and the next learns from it.</summary>
    private static async Task Search(IWorkflow workflow, PlannedRun run)
    {
        var inFlight = new Dictionary<Task<TrialEnd>, JobRequest>();
        try { await Search(workflow, run, inFlight); }
        catch (StepFailedException e)
        {
            await GiveUp(workflow, inFlight, $"The run failed: {e.Failure.Message}");
            throw;
        }
    }

    private static async Task Search(IWorkflow workflow, PlannedRun run, Dictionary<Task<TrialEnd>, JobRequest> inFlight)
    {
        var (started, ended) = (0, 0);
        while (ended < run.Trials)
        {
            Report(workflow, "search", $"{ended} of {run.Trials} trials ended.", 0.05 + 0.65 * ended / run.Trials);
            var free = Math.Min(run.Parallel - inFlight.Count, run.Trials - started);
            if (free > 0)
            {
                var next = await workflow.Call(TrainSteps.Suggest, new(run.RunId, run.Plan, started, free), Retry.Standard);
                foreach (var trial in next.Trials) inFlight.Add(RunTrial(workflow, run.RunId, trial), trial);
                started += free;
            }
            var first = await Task.WhenAny(inFlight.Keys);
            inFlight.Remove(first);
            await workflow.Call(TrainSteps.RecordTrial, await first, Retry.Standard);
            ended++;
        }
    }

    /// <summary>Calls off the trials that are under way, and waits until none of their jobs runs any more.</summary>
    private static async Task GiveUp(IWorkflow workflow, Dictionary<Task<TrialEnd>, JobRequest> inFlight, string reason)
    {
        foreach (var trial in inFlight.Values) workflow.SendEvent(trial.JobId, JobSteps.Ended, JobSteps.Cancel(trial.JobId, reason));
        foreach (var end in await Task.WhenAll(inFlight.Keys))
            try { await workflow.Call(TrainSteps.RecordTrial, end, Retry.Standard); }
            catch (StepFailedException) { /* EndRun closes what stays open. */ }
    }

    /// <summary>A trial's job. That it fails is a result like another: the search goes on without it.</summary>
    private static async Task<TrialEnd> RunTrial(IWorkflow workflow, string runId, JobRequest trial)
    {
        try { return new(runId, trial.Trial, await workflow.CallWorkflow(JobSteps.Workflow, trial, trial.JobId)); }
        catch (StepFailedException e) { return new(runId, trial.Trial, new(trial.JobId, Attempt: 0, JobOutcome.Failed, Error: e.Failure.Message)); }
    }

    /// <summary>Brings a version that passed its gate into service, where the pipeline says so. The version stands, whatever comes of it.</summary>
    private static async Task<DeployResult?> Deploy(IWorkflow workflow, PlannedRun run, RegisteredModel model)
    {
        if (run.Deploy is null || !model.Verdict.Passed) return null;
        Report(workflow, "deploy", $"Bringing {model.Version} into service at {run.Deploy.Name}.", 0.95);
        var request = new DeployRequest(model.Version, run.Deploy, $"run {run.RunId}");
        try { return await workflow.CallWorkflow(DeploySteps.Workflow, request, request.InstanceId("auto")); }
        catch (StepFailedException e) { return new(Revision: null, RevisionState.RolledBack, e.Failure.Message); }
    }

    private static void Report(IWorkflow workflow, string phase, string message, double progress) =>
        workflow.SetStatus(new WorkflowProgress(phase, message, progress));
}
