using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using TriOps.Core;
using TriOps.Core.Governance;

namespace TriOps.Api.Http;

/// <summary>What the routes share.</summary>
internal static class Routes
{
    /// <summary>GET, and HEAD for its headers alone.</summary>
    public static IReadOnlyList<string> Reads { get; } = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>A route that answers GET and HEAD, to readers.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler,
        string summary, RouteRole? role = null) =>
        routes.MapMethods(pattern, Reads, handler).WithSummary(summary).WithErrors(404).For(role ?? RouteRole.Reader);

    /// <summary>A command: POST, at most 1 MiB, idempotent by key, for contributors.</summary>
    public static RouteHandlerBuilder MapCommand(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern,
        Delegate handler, string summary, RouteRole? role = null) =>
        routes.MapPost(pattern, handler).WithSummary(summary).WithErrors(400, 403, 404, 409).WithIdempotency().WithBodyLimit(1 << 20)
            .For(role ?? RouteRole.Contributor);

    /// <summary>Who may use a route.</summary>
    public static T For<T>(this T route, RouteRole role) where T : IEndpointConventionBuilder => route.WithMetadata(role);

    /// <summary>The largest body a route takes, in bytes.</summary>
    public static T WithBodyLimit<T>(this T route, long bytes) where T : IEndpointConventionBuilder =>
        route.WithMetadata(new RequestSizeLimitAttribute(bytes));

    /// <summary>The problem documents a route may answer with, for OpenAPI.</summary>
    public static RouteHandlerBuilder WithErrors(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) route.Produces<Problem>(status, "application/problem+json");
        return route;
    }

    /// <summary>An id from a URL that is safe as a table's key.</summary>
    /// <exception cref="NotFoundException">It is not, so nothing has it.</exception>
    public static string SafeId(string id, string noun) => id.Length is > 0 and <= 128
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
        ? id
        : throw new NotFoundException($"{noun}-missing",
        $"There is no {noun} of that id: ids have 1 to 128 letters, digits, '-', '_', '.' and ':'.");
}

/// <summary>A workflow that was started; GET /api/workflows/{workflowId} says where it stands.</summary>
/// <param name="WorkflowId">Its instance id.</param>
/// <param name="RunId">The run it is, for a pipeline's run.</param>
/// <param name="WindowId">The window it closes, for a check.</param>
public sealed record StartedWorkflow(string WorkflowId, string? RunId = null, string? WindowId = null)
{
    /// <summary>202 with the place to look.</summary>
    public static Accepted<StartedWorkflow> Accept(string workflowId, string? runId = null, string? windowId = null) =>
        TypedResults.Accepted($"/api/workflows/{workflowId}", new StartedWorkflow(workflowId, runId, windowId));
}
