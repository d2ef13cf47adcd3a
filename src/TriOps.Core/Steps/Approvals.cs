using TriOps.Core.Governance;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>Takes a person's decision on a deployment that waits for one, whether it comes over HTTP or from a page. Thread-safe.</summary>
public sealed class Approvals(IWorkflows workflows, AuditLog audit)
{
    private const int MaxName = 200, MaxComment = 1000;

    /// <summary>Tells the deployment's workflow, and writes the decision to the audit log.</summary>
    /// <param name="workflowId">The deployment's workflow.</param>
    /// <param name="decision">By: 1 to 200 characters. Comment: at most 1,000.</param>
    /// <param name="actor">Who sent it, for the audit log.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidInputException">Name or comment are too short or long (codes by-invalid, approval-invalid).</exception>
    /// <exception cref="NotFoundException">There is no such workflow (code workflow-missing).</exception>
    /// <exception cref="ConflictException">It has ended (code workflow-ended), or is no deployment (code approval-not-awaited).</exception>
    public async Task DecideAsync(string workflowId, ApprovalDecision decision, string actor, CancellationToken ct)
    {
        var instance = await workflows.FindAsync(workflowId, ct) ?? throw new NotFoundException("workflow-missing", $"There is no workflow '{workflowId}'.");
        if (decision.By is not { Length: > 0 and <= MaxName }) throw new InvalidInputException("by-invalid", $"'by' must be a text of 1 to {MaxName} characters: who decides.");
        if (decision.Comment is { Length: > MaxComment }) throw new InvalidInputException("approval-invalid", $"'comment' has {decision.Comment.Length:N0} characters; at most {MaxComment:N0} are kept.");
        if (instance.IsEnded) throw new ConflictException("workflow-ended", $"Workflow '{workflowId}' has ended: nothing can be said to it any more.");
        if (instance.Workflow != DeploySteps.Workflow.Value)
            throw new ConflictException("approval-not-awaited", $"Workflow '{workflowId}' is a {instance.Workflow}; only {DeploySteps.Workflow} waits for an approval.");
        await workflows.RaiseAsync(workflowId, DeploySteps.Approval, decision, ct);
        await audit.WriteAsync(actor, "deployment.approval", workflowId,
            new Dictionary<string, string> { ["approved"] = decision.Approved ? "true" : "false", ["by"] = decision.By, ["comment"] = decision.Comment ?? "" }, ct);
    }
}
