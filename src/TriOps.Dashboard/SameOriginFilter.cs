using Microsoft.AspNetCore.Http;

namespace TriOps.Dashboard;

/// <summary>Forms are taken from the product's own pages only: the browser's Sec-Fetch-Site or, without it, the Origin header must say
/// so.</summary>
public sealed class SameOriginFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var own = site.Length > 0
            ? site == "same-origin"
            : Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin) && origin.Authority == request.Host.Value;
        return own ? await next(context) : TypedResults.Problem("The form did not come from this site.", statusCode: 403);
    }
}
