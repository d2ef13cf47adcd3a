using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Dashboard.Pages;

/// <summary>What the page of a deployment that waits for a person offers who looks at it.</summary>
/// <param name="By">His name: the decision will be his.</param>
/// <param name="MayApprove">Whether he may let it go on.</param>
/// <param name="MayReject">Whether he may stop it.</param>
/// <param name="Note">Why he may not; null when he may.</param>
public sealed record DecisionView(string By, bool MayApprove, bool MayReject, string? Note)
{
    /// <summary>Null when the instance does not wait for a decision.</summary>
    public static DecisionView? Of(WorkflowInstance instance, Caller caller, ProjectName? project)
    {
        if (!DeploySteps.AwaitsApproval(instance)) return null;
        if (!caller.May(Role.Approver, project))
            return new(caller.Name, MayApprove: false, MayReject: false, $"Approvers of this project decide; {caller.Name} is none.");
        return Approvals.IsOwn(instance, caller)
            ? new(caller.Name, MayApprove: false, MayReject: true,
            "You asked for this deployment, and its project wants another person's approval.")
            : new(caller.Name, MayApprove: true, MayReject: true, Note: null);
    }
}
