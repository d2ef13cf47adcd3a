using TriOps.Core.Deployments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Orchestrations;

/// <summary>From a run's trials to a registered version that passed its gate, and on to its deployment: the end of every discipline's
/// training.</summary>
public sealed class ReleaseCandidate : IOrchestration<ReleaseRequest, ReleaseResult>
{
    /// <inheritdoc/>
    public static WorkflowName<ReleaseRequest, ReleaseResult> Name => ReleaseSteps.Workflow;

    /// <inheritdoc/>
    public async Task<ReleaseResult> Run(IWorkflow workflow, ReleaseRequest request)
    {
        var result = await Release(workflow, request, from: 0);
        Report(workflow, "done", result.Gate.Passed ? $"{result.Version} passed its gate."
            : $"{result.Version} was refused by its gate.", 1);
        return result;
    }

    /// <summary>The steps. Runs of TrainModel that began before this was a workflow of its own take them themselves.</summary>
    /// <param name="workflow">Takes them.</param>
    /// <param name="request">Which run's model.</param>
    /// <param name="from">How far the workflow is when they begin, 0..1.</param>
    internal static async Task<ReleaseResult> Release(IWorkflow workflow, ReleaseRequest request, double from)
    {
        void At(string phase, string message, double share) => Report(workflow, phase, message, from + (1 - from) * share);

        At("choose", "Choosing the best trial whose exported model reproduces the trainer's outputs.", 0);
        var candidate = await workflow.Call(ReleaseSteps.Choose, new(request.RunId, request.Plan));

        var against = candidate.Champion is { } champion ? $", beside champion {champion}" : "";
        At("evaluate", $"Evaluating trial {candidate.Trial} on the test rows{against}.", 0.2);
        var evaluated = await workflow.Call(ReleaseSteps.Evaluate, candidate);

        At("register", $"Holding trial {candidate.Trial} against the gate on {evaluated.Rows} rows in {evaluated.Slices} slices, and "
            + $"registering it.", 0.5);
        var model = await workflow.Call(ReleaseSteps.Register, evaluated);

        if (request.Deploy is null || !model.Verdict.Passed) return new(model.Version, model.Verdict, Deployment: null);
        At("deploy", $"Bringing {model.Version} into service at {request.Deploy.Name}.", 0.8);
        return new(model.Version, model.Verdict,
            await Deploy(workflow, new(model.Version, request.Deploy, request.RequestedBy ?? $"run {request.RunId}")));
    }

    /// <summary>Brings a version that passed its gate into service. The version stands, whatever comes of it.</summary>
    private static async Task<DeployResult> Deploy(IWorkflow workflow, DeployRequest request)
    {
        try { return await workflow.CallWorkflow(DeploySteps.Workflow, request, request.InstanceId("auto")); }
        catch (StepFailedException e) { return new(Revision: null, RevisionState.RolledBack, e.Failure.Message); }
    }

    private static void Report(IWorkflow workflow, string phase, string message, double progress) =>
        workflow.SetStatus(new WorkflowProgress(phase, message, progress));
}
