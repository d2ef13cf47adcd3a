using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace TriOps.Functions.Web;

/// <summary>The largest body, counted here instead of by the worker's Kestrel. Kestrel hangs up on a body that comes in chunks and grows
/// over its limit, and the host, still sending it on, tells the client of an empty 500; counted here, the endpoint's answer is a 413 and
/// the rest is read and dropped.</summary>
/// <param name="limit">For routes that do not say their own, in bytes; null: none.</param>
internal sealed class BodyLimit(long? limit)
{
    /// <summary>Runs what answers the request under the limit of its route.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel) kestrel.MaxRequestBodySize = null;
        var most = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is { } own ? own.MaxRequestBodySize : limit;
        if (most is { } bytes) context.Request.Body = new LimitedBody(context.Request.Body, bytes, context.Request.ContentLength);
        return next(context);
    }
}
