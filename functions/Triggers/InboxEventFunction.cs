using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TriOps.Core.Storage;
using QueueMessage = Azure.Storage.Queues.Models.QueueMessage;

namespace TriOps.Functions.Triggers;

/// <summary>In Azure, Event Grid tells of uploads on a queue.</summary>
public sealed class InboxEventFunction(QueueRun run, InboxUpload upload)
{
    /// <summary>One event.</summary>
    [Function("InboxEvent")]
    public Task RunAsync([QueueTrigger(Queues.InboxEvents)] QueueMessage message, [DurableClient] DurableTaskClient client,
        FunctionContext context) =>
        run.RunAsync(Queues.InboxEvents, message, client, (body, ct) => BlobCreated.Read(body) is { } path ? upload.HandleAsync(path, ct)
            : Task.CompletedTask, context.CancellationToken);
}
