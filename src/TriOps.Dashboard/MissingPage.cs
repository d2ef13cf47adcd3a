using Microsoft.AspNetCore.Http;
using TriOps.Core;

namespace TriOps.Dashboard;

/// <summary>Answers GET and HEAD of what no route has: a page for browsers, a problem document (RFC 9457) for programs.</summary>
internal static class MissingPage
{
    /// <summary>After every other route, but before the API's own last one (of order <see cref="int.MaxValue"/>), which knows no
    /// pages.</summary>
    public const int Order = int.MaxValue - 1;

    /// <exception cref="NotFoundException">To a browser: whatever asks for text/html by name.</exception>
    public static IResult Answer(HttpContext context)
    {
        var message = $"There is no {context.Request.Path}.";
        if (context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)))
            throw new NotFoundException("route-missing", message);
        return TypedResults.Problem($"{message} GET /openapi/v1.json lists every route.", statusCode: 404, title: "Not found",
            extensions: [new("code", "route-missing")]);
    }
}
