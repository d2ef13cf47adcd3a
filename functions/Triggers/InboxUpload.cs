using Microsoft.Extensions.Logging;
using TriOps.Activities.Triggers;
using TriOps.Core.Storage;

namespace TriOps.Functions.Triggers;

/// <summary>What both triggers of the inbox do with a blob: hand it over as it is now. Its ETag makes the workflow's id, so it does not
/// matter how often, or by which of them, it is told.</summary>
public sealed class InboxUpload(IBlobs blobs, InboxTrigger trigger, ILogger<InboxUpload> log)
{
    /// <summary>Starts the ingestion of the blob, if it is still there.</summary>
    /// <exception cref="Core.InvalidInputException">The path is not {project}/{dataset}/{file}.</exception>
    public async Task HandleAsync(BlobPath path, CancellationToken ct)
    {
        if (await FindAsync(path, ct) is not { } blob)
        {
            log.LogInformation("{Blob} has gone since it was written; there is nothing to ingest", path);
            return;
        }
        var start = await trigger.HandleAsync(blob, ct);
        log.LogInformation("Blob {Blob} of {Length} bytes {Start}", blob.Path, blob.Length, start);
    }

    /// <summary>Whether a name with spaces comes escaped, Event Grid's documentation does not say.</summary>
    private async Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct) =>
        await blobs.FindAsync(path, ct)
            ?? (Uri.UnescapeDataString(path.Name) is var plain && plain != path.Name
            ? await blobs.FindAsync(new(path.Container, plain), ct) : null);
}
