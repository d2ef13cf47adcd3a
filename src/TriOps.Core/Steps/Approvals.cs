using System.Text.Json;
using TriOps.Core.Governance;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>Takes a person's decision on a deployment that waits for one, whether it comes over HTTP or from a page. Thread-safe.</summary>
public sealed class Approvals(IWorkflows workflows, AuditLog audit)
{
    /// <summary>Longest comment in characters.</summary>
    public const int MaxComment = 1000;

    /// <summary>Tells the deployment's workflow, and writes the decision to the audit log. It is the caller's, whatever he says of
    /// himself.</summary>
    /// <param name="workflowId">The deployment's workflow.</param>
    /// <param name="approved">Whether it may go on.</param>
    /// <param name="comment">Why, at most 1,000 characters; may be null.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidInputException">The comment is too long (code approval-invalid).</exception>
    /// <exception cref="NotFoundException">There is no such workflow (code workflow-missing).</exception>
    /// <exception cref="ForbiddenException">He is no approver of the project (code role-missing), or asked for the deployment himself and
    /// the project wants another (code approval-own).</exception>
    /// <exception cref="ConflictException">It has ended (code workflow-ended), or does not wait for an approval (code
    /// approval-not-awaited).</exception>
    public async Task DecideAsync(string workflowId, bool approved, string? comment, Caller by, CancellationToken ct)
    {
        var instance = await workflows.FindAsync(workflowId, ct)
            ?? throw new NotFoundException("workflow-missing",
            $"There is no workflow '{workflowId}'. 'triops status' lists those there are.");
        by.Demand(Role.Approver, await new WorkflowOwner(workflows).FindAsync(instance, ct));
        if (comment is { Length: > MaxComment })
            throw new InvalidInputException("approval-invalid",
                $"'comment' has {comment.Length:N0} characters; at most {MaxComment:N0} are kept.");
        if (instance.IsEnded)
            throw new ConflictException("workflow-ended", $"Workflow '{workflowId}' has ended: nothing can be said to it any more.");
        if (instance.Workflow != DeploySteps.Workflow.Value)
            throw new ConflictException("approval-not-awaited",
                $"Workflow '{workflowId}' is a {instance.Workflow}; only {DeploySteps.Workflow} waits for an approval.");
        if (approved && IsOwn(instance, by))
            throw new ForbiddenException("approval-own",
                $"'{by.Name}' asked for this deployment, and its project wants somebody else's approval (approval: {{ by: other }}). Ask "
                + $"another approver; you may reject it.");
        await workflows.RaiseAsync(workflowId, DeploySteps.Approval, new ApprovalDecision(approved, by.Name, comment), ct);
        await audit.WriteAsync(by.Name, "deployment.approval", workflowId,
            new Dictionary<string, string> { ["approved"] = approved ? "true" : "false", ["comment"] = comment ?? "" }, ct);
    }

    /// <summary>Whether the caller may not approve because the deployment is his own and the project wants two.</summary>
    public static bool IsOwn(WorkflowInstance instance, Caller by) =>
        instance.Input is { ValueKind: JsonValueKind.Object } input
            && input.Deserialize<DeployRequest>(TriOpsJson.Options) is { Spec: { ApprovedByOther: true }, RequestedBy: var asked }
            && asked == by.Name;
}
