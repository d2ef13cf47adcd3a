using TriOps.Core.Deployments;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Orchestrations;

/// <summary>Brings a model version into service: approval, smoke test, then all at once or in watched steps. Whatever fails, the revision
/// is taken out and the traffic returns to the one that served before; the result says why.</summary>
public sealed class DeployModel : IOrchestration<DeployRequest, DeployResult>
{
    /// <summary>A step's hold is cut into this many parts; health is looked at after each.</summary>
    private const int LooksPerStep = 4;

    /// <inheritdoc/>
    public static WorkflowName<DeployRequest, DeployResult> Name => DeploySteps.Workflow;

    /// <inheritdoc/>
    public async Task<DeployResult> Run(IWorkflow workflow, DeployRequest request)
    {
        var (refusal, approval) = await Approval(workflow, request);
        if (refusal is not null) return End(workflow, new(null, RevisionState.RolledBack, refusal));

        RevisionRef revision;
        Report(workflow, "create", $"Adding {request.Version} to {request.Spec.Name}.", 0.1);
        try { revision = await workflow.Call(DeploySteps.CreateRevision, new(workflow.InstanceId, request, approval)); }
        catch (StepFailedException e) { return End(workflow, new(null, RevisionState.RolledBack, e.Failure.Message)); }

        string? reason;
        try { reason = await BringIn(workflow, request, revision); }
        catch (StepFailedException e) { reason = e.Failure.Message; }
        if (reason is null) return End(workflow, new(revision, RevisionState.Active, null));

        Report(workflow, "roll-back", reason, 0.95);
        await workflow.Call(DeploySteps.RollBack, new(revision, reason));
        return End(workflow, new(revision, RevisionState.RolledBack, reason));
    }

    /// <summary>Null when the revision is active; otherwise why it must be taken out.</summary>
    private static async Task<string?> BringIn(IWorkflow workflow, DeployRequest request, RevisionRef revision)
    {
        Report(workflow, "smoke-test", $"Scoring reference rows with revision {revision.Number}.", 0.15);
        var smoke = await workflow.Call(DeploySteps.SmokeTest, revision);
        if (!smoke.Passed) return smoke.Message;

        if (request.Spec.Strategy == Strategy.Canary && !smoke.Alone)
            for (var i = 0; i < request.Spec.Steps.Count; i++)
                if (await Hold(workflow, request, revision, i) is { } sick) return sick;

        Report(workflow, "promote", $"Giving revision {revision.Number} all traffic.", 0.9);
        await workflow.Call(DeploySteps.Promote, revision);
        return null;
    }

    /// <summary>One canary step: its traffic for its time. Null when the canary is healthy at every look; otherwise why not.</summary>
    private static async Task<string?> Hold(IWorkflow workflow, DeployRequest request, RevisionRef revision, int step)
    {
        var (steps, percent) = (request.Spec.Steps.Count, request.Spec.Steps[step]);
        await workflow.Call(DeploySteps.ShiftTraffic, new(revision, percent));
        var since = workflow.Now;
        var message = $"Revision {revision.Number} takes {percent} % of the traffic (step {step + 1} of {steps}).";
        for (var look = 0; look < LooksPerStep; look++)
        {
            Report(workflow, "canary", message, 0.2 + 0.7 * (step + (double)look / LooksPerStep) / steps);
            // From the step's start: what one look is late, the next makes up for.
            var due = since + request.Spec.Hold * (look + 1) / LooksPerStep;
            if (due > workflow.Now) await workflow.Delay(due - workflow.Now);
            var health = await workflow.Call(DeploySteps.CheckHealth, new(revision, since));
            if (!health.Healthy) return health.Message;
            message = $"{percent} % of the traffic (step {step + 1} of {steps}): {health.Message}";
        }
        return null;
    }

    /// <summary>Waits for a person, where one is asked.</summary>
    private static async Task<(string? Refusal, ApprovalDecision? Approval)> Approval(IWorkflow workflow, DeployRequest request)
    {
        if (request.Spec.Approval is not { } within) return (null, null);
        Report(workflow, DeploySteps.ApprovalPhase,
            $"{request.Version} waits for approval until {workflow.Now + within:u}: triops approve {workflow.InstanceId}", 0);
        var decision = workflow.WaitForEvent(DeploySteps.Approval);
        if (!await workflow.Within(decision, within)) return ($"Nobody approved {request.Version} within {within}.", null);
        var given = await decision;
        return given.Approved ? (null, given)
            : ($"{given.By} rejected {request.Version}{(given.Comment is { Length: > 0 } comment ? $": {comment}" : ".")}", null);
    }

    private static DeployResult End(IWorkflow workflow, DeployResult result)
    {
        Report(workflow, result.State == RevisionState.Active ? "done" : "rolled-back", result.Reason
            ?? $"Revision {result.Revision?.Number} serves.", 1);
        return result;
    }

    private static void Report(IWorkflow workflow, string phase, string message, double progress) =>
        workflow.SetStatus(new WorkflowProgress(phase, message, progress));
}
