using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Steps;
using TriOps.Dashboard.Pages;

namespace TriOps.Dashboard;

/// <summary>Around every page: headers that keep foreign script and frames out, and errors as pages, whatever pipeline the page runs
/// in.</summary>
internal static class PageBoundary
{
    /// <summary>Wraps every endpoint of a group.</summary>
    public static T WithPageBoundary<T>(this T endpoints) where T : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner) endpoint.RequestDelegate = context => GuardAsync(context, inner);
        });
        return endpoints;
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate inner)
    {
        Protect(context.Response);
        try { await inner(context); }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested) { /* Nobody looks any more. */ }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var (status, title, message) = e switch
            {
                ForbiddenException => (403, "Not allowed", e.Message),
                NotFoundException => (404, "Not found", e.Message),
                InvalidInputException => (400, "That does not work", e.Message),
                ConflictException => (409, "Not any more", e.Message),
                BadHttpRequestException bad => (bad.StatusCode, "That does not work", "The address or the form cannot be read."),
                _ => (500, "This page cannot be shown now",
                "The server failed. Its log holds the reason; /readyz says whether the storage answers."),
            };
            if (status >= 500) context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("TriOps.Dashboard")
                .LogError(e, "The page {Path} failed.", context.Request.Path);
            context.Response.Clear();
            Protect(context.Response);
            await new RazorComponentResult(typeof(ErrorPage),
                new { Title = title, Message = message }) { StatusCode = status }.ExecuteAsync(context);
        }
    }

    private static void Protect(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
            + "form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin"; // Not no-referrer: browsers then send forms with Origin: null, which is another site's.
        headers.CacheControl = "no-store";
    }
}
