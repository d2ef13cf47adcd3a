using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Api.Resources;

/// <summary>/api/workflows.</summary>
internal static class WorkflowsApi
{
    private const int MaxReason = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapRead("/workflows", List, "Workflow instances, newest first; ?prefix= narrows by id");
        api.MapRead("/workflows/{id}", Get, "A workflow instance");
        api.MapRead("/workflows/{id}/steps", Steps, "An instance's steps in order of scheduling");
        api.MapCommand("/workflows/{id}/terminate", Terminate,
            "Ends a running instance and its children, and closes what they leave open: runs, jobs, revisions on their way");
        api.MapCommand("/workflows/{id}/approval", Approve, "The caller's decision on a deployment that waits for one", RouteRole.Approver);
    }

    private static async Task<Ok<Listing<WorkflowInstance>>> List(string? prefix, Paging paging, HttpContext context, IWorkflows workflows,
        CancellationToken ct)
    {
        if (prefix is { Length: > 100 })
            throw new InvalidInputException("prefix-invalid", "'prefix' has more than 100 characters, the length of an id.");
        var page = await workflows.ListAsync(prefix ?? "", paging.Request.Size, paging.Request.Continuation, ct);
        return TypedResults.Ok(
            Paging.List(page with { Items = await new WorkflowOwner(workflows).ReadableAsync(page.Items, context.Caller(), ct) }));
    }

    private static async Task<Tagged<WorkflowInstance>> Get(string id, HttpContext context, IWorkflows workflows, CancellationToken ct) =>
        Tagged.Of(await FindAsync(id, Role.Reader, context, workflows, ct));

    private static async Task<Ok<Listing<WorkflowStep>>> Steps(string id, HttpContext context, IWorkflows workflows, CancellationToken ct)
    {
        await FindAsync(id, Role.Reader, context, workflows, ct);
        return TypedResults.Ok(new Listing<WorkflowStep>(await workflows.StepsAsync(id, ct)));
    }

    private static async Task<Accepted<StartedWorkflow>> Terminate(string id, Body<TerminateRequest> body, HttpContext context,
        IWorkflows workflows, ITermination termination, AuditLog audit, CancellationToken ct)
    {
        var instance = await FindAsync(id, Role.Contributor, context, workflows, ct);
        if (body.Value.Reason is not { Length: > 0 and <= MaxReason } reason)
            throw new InvalidInputException("reason-invalid", $"'reason' must be a text of 1 to {MaxReason:N0} characters.");
        if (instance.IsEnded)
            throw new ConflictException("workflow-ended", $"Workflow '{id}' has ended: nothing can be said to it any more.");
        await audit.WriteAsync(context.Caller().Name, "workflow.terminate", instance.InstanceId,
            new Dictionary<string, string> { ["reason"] = reason }, ct);
        await termination.TerminateAsync(id, reason, ct);
        return StartedWorkflow.Accept(id);
    }

    private static async Task<Accepted<StartedWorkflow>> Approve(string id, Body<ApprovalRequest> body, HttpContext context,
        IWorkflows workflows, AuditLog audit, CancellationToken ct)
    {
        if (body.Value.Approved is not { } approved)
            throw new InvalidInputException("approval-invalid", "'approved' is missing: send true or false.");
        await new Approvals(workflows, audit)
            .DecideAsync(Routes.SafeId(id, "workflow"), approved, body.Value.Comment, context.Caller(), ct);
        return StartedWorkflow.Accept(id);
    }

    // The address names no project: the workflow's input does.
    private static async Task<WorkflowInstance> FindAsync(string id, Role role, HttpContext context, IWorkflows workflows,
        CancellationToken ct)
    {
        var instance = await workflows.FindAsync(Routes.SafeId(id, "workflow"), ct)
            ?? throw new NotFoundException("workflow-missing", $"There is no workflow '{id}'. 'triops status' lists those there are.");
        context.Caller().Demand(role, await new WorkflowOwner(workflows).FindAsync(instance, ct));
        return instance;
    }

    /// <summary>Why an instance is to end.</summary>
    internal sealed record TerminateRequest(string? Reason);

    /// <summary>A decision; who decides is who asks.</summary>
    /// <param name="Approved">Whether it may go on.</param>
    /// <param name="Comment">Why; may be absent.</param>
    internal sealed record ApprovalRequest(bool? Approved, string? Comment);
}
