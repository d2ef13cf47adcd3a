using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Core.Storage;

namespace TriOps.Api.Resources;

/// <summary>/healthz: the process answers. /readyz: storage does too.</summary>
internal static class HealthApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder root)
    {
        root.MapRead("/healthz", Live, "Whether the process answers");
        root.MapRead("/readyz", Ready, "Whether storage answers").WithErrors(503);
    }

    /// <summary>Whether storage answers within two seconds.</summary>
    public static async Task<bool> IsReadyAsync(IBlobs blobs, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await blobs.FindAsync(new BlobPath(Containers.Data, "ready"), limit.Token);
            return true;
        }
        catch (Exception) when (!ct.IsCancellationRequested) { return false; }
    }

    private static Ok<HealthAnswer> Live() => TypedResults.Ok(new HealthAnswer("live"));

    private static async Task<Results<Ok<HealthAnswer>, ProblemHttpResult>> Ready(IBlobs blobs, CancellationToken ct) => await IsReadyAsync(blobs, ct)
        ? TypedResults.Ok(new HealthAnswer("ready"))
        : TypedResults.Problem("Storage does not answer. Check that it runs and that its connection is configured.", statusCode: 503, title: "Not available now", extensions: [new("code", "storage-unavailable")]);

    /// <summary>"live" or "ready".</summary>
    internal sealed record HealthAnswer(string Status);
}
