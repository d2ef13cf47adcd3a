using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TriOps.Api;
using TriOps.Api.Security;
using TriOps.Dashboard;

namespace TriOps.Functions.Web;

/// <summary>API, Open Inference Protocol and pages as one ASP.NET Core pipeline inside the function that catches all requests: the worker's
/// own pipeline has no room for middleware, and routes by the names of functions. Built once, by the first request.</summary>
/// <param name="services">The app's.</param>
/// <param name="guard">Who may ask.</param>
/// <param name="map">Maps the endpoints.</param>
public sealed class SitePipeline(IServiceProvider services, RequestGuard guard, Action<IEndpointRouteBuilder> map)
{
    private readonly Lazy<RequestDelegate> pipeline = new(() =>
    {
        var app = new ApplicationBuilder(services);
        var limit = new BodyLimit(services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBodySize);
        app.UseRouting(); // Finds the route, which says what role it wants; nothing runs yet.
        app.Use((context, next) => guard.InvokeAsync(context, next));
        app.Use((context, next) => limit.InvokeAsync(context, next));
        app.UseEndpoints(map);
        return app.Build();
    });

    /// <summary>The API and the pages.</summary>
    public static void MapSite(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTriOpsApi();
        endpoints.MapTriOpsDashboard();
    }

    /// <summary>Answers a request that the worker has routed to the function: of that route nothing may be left, or it would be taken for
    /// ours.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        context.SetEndpoint(null);
        context.Request.RouteValues = [];
        return pipeline.Value(context);
    }
}
