using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Workflows;

namespace TriOps.Api.Resources;

/// <summary>/api/workflows.</summary>
internal static class WorkflowsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapRead("/workflows", List, "Workflow instances, newest first; ?prefix= narrows by id");
        api.MapRead("/workflows/{id}", Get, "A workflow instance");
        api.MapRead("/workflows/{id}/steps", Steps, "An instance's steps in order of scheduling");
        api.MapCommand("/workflows/{id}/terminate", Terminate, "Ends a running instance and its children");
        api.MapCommand("/workflows/{id}/approval", Approve, "A person's decision on a deployment that waits for one");
    }

    private static async Task<Ok<Listing<WorkflowInstance>>> List(string? prefix, Paging paging, IWorkflows workflows, CancellationToken ct)
    {
        if (prefix is { Length: > 100 }) throw new InvalidInputException("prefix-invalid", "'prefix' has more than 100 characters, the length of an id.");
        return TypedResults.Ok(Paging.List(await workflows.ListAsync(prefix ?? "", paging.Request.Size, paging.Request.Continuation, ct)));
    }

    private static async Task<Tagged<WorkflowInstance>> Get(string id, IWorkflows workflows, CancellationToken ct) => Tagged.Of(await FindAsync(id, workflows, ct));

    private static async Task<Ok<Listing<WorkflowStep>>> Steps(string id, IWorkflows workflows, CancellationToken ct)
    {
        await FindAsync(id, workflows, ct);
        return TypedResults.Ok(new Listing<WorkflowStep>(await workflows.StepsAsync(id, ct)));
    }

    private static async Task<Accepted<StartedWorkflow>> Terminate(string id, TerminateRequest body, HttpContext context, IWorkflows workflows, AuditLog audit, CancellationToken ct)
    {
        var reason = Text(body.Reason, "reason", 1000);
        var instance = await RunningAsync(id, workflows, ct);
        await workflows.TerminateAsync(id, reason, ct);
        await audit.WriteAsync(context.Actor(), "workflow.terminate", instance.InstanceId, new Dictionary<string, string> { ["reason"] = reason }, ct);
        return StartedWorkflow.Accept(id);
    }

    private static async Task<Accepted<StartedWorkflow>> Approve(string id, ApprovalRequest body, HttpContext context, IWorkflows workflows, AuditLog audit, CancellationToken ct)
    {
        if (body.Approved is not { } approved) throw new InvalidInputException("approval-invalid", "'approved' is missing: send true or false.");
        var by = Text(body.By, "by", 200);
        if (body.Comment is { Length: > 1000 }) throw new InvalidInputException("approval-invalid", "'comment' has more than 1,000 characters.");
        var instance = await RunningAsync(id, workflows, ct);
        if (instance.Workflow != DeploySteps.Workflow.Value)
            throw new ConflictException("approval-not-awaited", $"Workflow '{id}' is a {instance.Workflow}; only {DeploySteps.Workflow} waits for an approval.");
        await workflows.RaiseAsync(id, DeploySteps.Approval, new ApprovalDecision(approved, by, body.Comment), ct);
        await audit.WriteAsync(context.Actor(), "deployment.approval", id, new Dictionary<string, string> { ["approved"] = approved ? "true" : "false", ["by"] = by, ["comment"] = body.Comment ?? "" }, ct);
        return StartedWorkflow.Accept(id);
    }

    private static async Task<WorkflowInstance> RunningAsync(string id, IWorkflows workflows, CancellationToken ct) =>
        await FindAsync(id, workflows, ct) is { IsEnded: false } running ? running : throw new ConflictException("workflow-ended", $"Workflow '{id}' has ended: nothing can be said to it any more.");

    private static async Task<WorkflowInstance> FindAsync(string id, IWorkflows workflows, CancellationToken ct) =>
        await workflows.FindAsync(Routes.SafeId(id, "workflow"), ct) ?? throw new NotFoundException("workflow-missing", $"There is no workflow '{id}'. GET /api/workflows lists those there are.");

    private static string Text(string? text, string name, int max) =>
        text is { Length: > 0 } && text.Length <= max ? text : throw new InvalidInputException($"{name}-invalid", $"'{name}' must be a text of 1 to {max:N0} characters.");

    /// <summary>Why an instance is to end.</summary>
    internal sealed record TerminateRequest(string? Reason);

    /// <summary>A person's decision.</summary>
    /// <param name="Approved">Whether it may go on.</param>
    /// <param name="By">Who decided.</param>
    /// <param name="Comment">Why; may be absent.</param>
    internal sealed record ApprovalRequest(bool? Approved, string? By, string? Comment);
}
