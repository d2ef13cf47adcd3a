using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Names;

namespace TriOps.Api.Resources;

/// <summary>What was made from what, and who did what.</summary>
internal static class LineageApi
{
    private static readonly string[] Kinds = ["dataset-version", "run", "model-version", "evaluation", "deployment-revision", "window"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapRead("/projects/{p}/lineage", Walk, "Everything that ?kind= and ?id= came from, and everything that came of it")
            .WithErrors(400);
        api.MapRead("/audit", Audit, "Who did what to what, newest first");
    }

    private static async Task<Ok<Listing<LineageEdge>>> Walk(ProjectName p, string? kind, string? id, LineageGraph graph,
        CancellationToken ct)
    {
        if (!Kinds.Contains(kind))
            throw new InvalidInputException("lineage-invalid", $"'kind' must be one of: {string.Join(", ", Kinds)}.");
        if (id is not { Length: > 0 and <= 300 } || id.Any(c => char.IsControl(c) || c is '\\' or '#' or '?'))
            throw new InvalidInputException("lineage-invalid", $"'id' must be a reference such as \"{p}/tumours:1\".");
        if (id.Contains('/', StringComparison.Ordinal) && !id.StartsWith($"{p}/", StringComparison.Ordinal))
            throw new NotFoundException("lineage-missing", $"'{id}' is not of project '{p}'.");
        return TypedResults.Ok(new Listing<LineageEdge>(await graph.WalkAsync(new LineageNode(kind!, id), ct)));
    }

    // Its subjects are of every project.
    private static async Task<Ok<Listing<AuditEvent>>> Audit(Paging paging, HttpContext context, AuditLog audit, CancellationToken ct)
    {
        context.Caller().Demand(Role.Reader, null);
        return TypedResults.Ok(Paging.List(await audit.ListAsync(paging.Request, ct)));
    }
}
