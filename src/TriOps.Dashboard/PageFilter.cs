using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using TriOps.Core;
using TriOps.Dashboard.Pages;

namespace TriOps.Dashboard;

/// <summary>Every page: headers that keep foreign script and frames out, and errors as pages.</summary>
public sealed class PageFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        try { return await next(context); }
        catch (NotFoundException e) { return Error(404, "Not found", e.Message); }
        catch (InvalidInputException e) { return Error(400, "That does not work", e.Message); }
    }

    private static RazorComponentResult Error(int status, string title, string message) =>
        new(typeof(ErrorPage), new { Title = title, Message = message }) { StatusCode = status };
}
