using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Names;

namespace TriOps.Api.Security;

/// <summary>Holds the caller against the role of the route that was found.</summary>
internal static class RouteGuard
{
    /// <summary>Why the caller is not answered; null: he is. A request that no route takes is let through to its 404.</summary>
    public static (int, string, string)? Refusal(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint) return null;
        if (endpoint.Metadata.GetMetadata<RouteRole>() is not { } wanted)
            return (403, "route-without-role",
                $"{context.Request.Path} says of nobody that he may ask. This is a fault in TriOps: report it.");
        if (wanted.Role is not { } role) return null;
        var caller = context.Caller();
        if (caller.May(role, null)) return null;
        try
        {
            if (Project(context.Request.RouteValues) is { } project) caller.Demand(role, project);
            else caller.DemandSomewhere(role);
            return null;
        }
        catch (ForbiddenException e) { return (403, e.Code, e.Message); }
    }

    /// <summary>The project in the address, as API, pages and the Open Inference Protocol ({project}.{deployment}) write it.</summary>
    private static ProjectName? Project(RouteValueDictionary route)
    {
        var text = (route["p"] ?? route["project"]) as string ?? (route["model"] as string)?.Split('.')[0];
        return NameRule.TryParse<ProjectName>(text, out var name) ? name : null;
    }
}
