using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TriOps.Api.Http;
using TriOps.Core.Storage;

namespace TriOps.Api.Resources;

/// <summary>/healthz: the process answers. /readyz: storage does too, and the process is not about to end.</summary>
internal static class HealthApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder root)
    {
        root.MapRead("/healthz", Live, "Whether the process answers");
        root.MapRead("/readyz", Ready, "Whether requests should come here: storage answers, and the process is not stopping").WithErrors(503);
    }

    /// <summary>Whether requests should be sent here: false once the process was asked to end, or when storage does not answer within two seconds.</summary>
    public static async Task<bool> IsReadyAsync(HttpContext context) => !IsStopping(context) && await StorageAnswersAsync(context);

    private static bool IsStopping(HttpContext context) => context.RequestServices.GetService<IHostApplicationLifetime>() is { ApplicationStopping.IsCancellationRequested: true };

    private static async Task<bool> StorageAnswersAsync(HttpContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Patience);
        try
        {
            await context.RequestServices.GetRequiredService<IBlobs>().FindAsync(new BlobPath(Containers.Data, "ready"), limit.Token);
            return true;
        }
        catch (Exception) when (!context.RequestAborted.IsCancellationRequested) { return false; }
    }

    private static Ok<HealthAnswer> Live() => TypedResults.Ok(new HealthAnswer("live"));

    private static async Task<Results<Ok<HealthAnswer>, ProblemHttpResult>> Ready(HttpContext context)
    {
        if (IsStopping(context)) return NotNow("stopping", "The server has been asked to end: it finishes what it has begun. Send requests to another replica.");
        return await StorageAnswersAsync(context) ? TypedResults.Ok(new HealthAnswer("ready"))
            : NotNow("storage-unavailable", "Storage does not answer. Check that it runs and that its connection is configured.");
    }

    private static ProblemHttpResult NotNow(string code, string detail) => TypedResults.Problem(detail, statusCode: 503, title: "Not available now", extensions: [new("code", code)]);

    /// <summary>"live" or "ready".</summary>
    internal sealed record HealthAnswer(string Status);
}
