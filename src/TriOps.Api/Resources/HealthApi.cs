using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TriOps.Api.Http;
using TriOps.Core.Governance;
using TriOps.Core.Steps;
using TriOps.Core.Storage;

namespace TriOps.Api.Resources;

/// <summary>/healthz: the process answers. /readyz: the storage it needs does too, and the process is not about to end.</summary>
internal static class HealthApi
{
    public static void Map(IEndpointRouteBuilder root, StorageParts needs)
    {
        root.MapRead("/healthz", Live, "Whether the process answers", RouteRole.Anyone);
        root.MapRead("/readyz", (HttpContext context) => Ready(context, needs),
            "Whether requests should come here: storage answers, and the process is not stopping", RouteRole.Anyone).WithErrors(503);
    }

    /// <summary>Why no request should be sent here now: the process was asked to end, or a part of the storage does not answer within two
    /// seconds. Null: send them.</summary>
    public static async Task<(string Code, string Detail)?> FindObstacleAsync(HttpContext context, StorageParts needs)
    {
        if (context.RequestServices.GetService<IHostApplicationLifetime>() is { ApplicationStopping.IsCancellationRequested: true })
            return ("stopping", "The server has been asked to end: it finishes what it has begun. Send requests to another replica.");
        var faults = await context.RequestServices.GetRequiredService<IStorageHealth>().FindFaultsAsync(needs, context.RequestAborted);
        return faults.Count == 0 ? null
            : ("storage-unavailable",
            $"{string.Join(" ", faults.Select(f => f.Message))} Check that the storage runs, and that its connection and the rights on it "
            + $"are configured.");
    }

    private static Ok<HealthAnswer> Live() => TypedResults.Ok(new HealthAnswer("live"));

    private static async Task<Results<Ok<HealthAnswer>, ProblemHttpResult>> Ready(HttpContext context, StorageParts needs)
    {
        if (await FindObstacleAsync(context, needs) is not var (code, detail)) return TypedResults.Ok(new HealthAnswer("ready"));
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Problem(detail, statusCode: 503, title: "Not available now", extensions: [new("code", code)]);
    }

    /// <summary>"live" or "ready".</summary>
    internal sealed record HealthAnswer(string Status);
}
