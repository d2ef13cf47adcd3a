using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using TriOps.Core.Steps;

namespace TriOps.Api.Http;

/// <summary>Answers what no route took: 415 when the media type was what kept it away, 405 when the method was, else 404.</summary>
internal static class UnknownRoute
{
    /// <summary>With a problem document.</summary>
    public static Task AnswerAsync(HttpContext context, EndpointDataSource endpoints)
    {
        var (status, code, detail) = Explain(context, endpoints);
        return ProblemBoundary.WriteAsync(context, status, code, detail);
    }

    /// <summary>Why no route took the request. For a 405, the answer gets its Allow header.</summary>
    public static (int Status, string Code, string Detail) Explain(HttpContext context, EndpointDataSource endpoints)
    {
        var (method, path) = (context.Request.Method, context.Request.Path);
        var (methods, types) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
            if (endpoint.Order < Last && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { } allowed && Matches(endpoint, path))
            {
                methods.UnionWith(allowed.HttpMethods);
                if (allowed.HttpMethods.Contains(method) && endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts)
                    types.UnionWith(accepts.ContentTypes);
            }
        if (types.Count > 0)
            return (415, "media-type",
                $"{method} {path} does not take Content-Type '{context.Request.ContentType}'. Send {string.Join(" or ", types)}.");
        if (methods.Count == 0 || methods.Contains(method)) // Taken by method, but not by the route's types: versions/x.
            return (404, "route-missing", $"There is no {path}. GET /openapi/v1.json lists every route.");
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Allow = string.Join(", ", methods);
            return Task.CompletedTask;
        });
        return (405, "method-not-allowed", $"{path} takes {string.Join(", ", methods)}, not {method}.");
    }

    /// <summary>Routes of this order and higher are asked when nothing else matched; pages may answer browsers there before the API answers
    /// everyone.</summary>
    public const int Last = int.MaxValue - 1;

    private static bool Matches(RouteEndpoint endpoint, PathString path) =>
        new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(path, []);
}
