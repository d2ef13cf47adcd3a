using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TriOps.Durable;

namespace TriOps.Functions.Web;

/// <summary>Every request but the host's own (/admin, /runtime). The host tries functions in the order of their names, whatever their
/// routes: this name is the last.</summary>
public sealed class SiteFunction(SitePipeline pipeline, DurableConnection connection)
{
    /// <summary>One request. Who may ask is decided in the pipeline, so the function asks for no key of the host's.</summary>
    [Function("ZzSite")]
    public async Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client)
    {
        connection.Use(client);
        await pipeline.InvokeAsync(request.HttpContext);
        return Results.Empty; // The answer is written.
    }
}
