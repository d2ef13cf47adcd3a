using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TriOps.Core.Storage;
using TriOps.Durable;

namespace TriOps.Functions.Triggers;

/// <summary>Where no Event Grid is (Azurite), the host looks at the inbox itself. Not part of what is published for Azure: a Flex
/// Consumption host does not start with it.</summary>
public sealed class InboxBlobFunction(InboxUpload upload, DurableConnection connection)
{
    /// <summary>One new or changed blob. What it throws makes the host try again, five times; then the blob is named on the queue
    /// webjobs-blobtrigger-poison.</summary>
    [Function("InboxBlob")]
    public Task RunAsync([BlobTrigger(Containers.Inbox + "/{name}")] BlobClient blob, [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        connection.Use(client);
        return upload.HandleAsync(new BlobPath(Containers.Inbox, blob.Name), context.CancellationToken);
    }
}
