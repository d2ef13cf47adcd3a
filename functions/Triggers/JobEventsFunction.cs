using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TriOps.Activities.Triggers;
using TriOps.Core.Storage;
using QueueMessage = Azure.Storage.Queues.Models.QueueMessage;

namespace TriOps.Functions.Triggers;

/// <summary>A trainer's last word.</summary>
public sealed class JobEventsFunction(QueueRun run, JobEventsTrigger trigger)
{
    /// <summary>One message.</summary>
    [Function("JobEvents")]
    public Task RunAsync([QueueTrigger(Queues.JobEvents)] QueueMessage message, [DurableClient] DurableTaskClient client,
        FunctionContext context) =>
        run.RunAsync(Queues.JobEvents, message, client, trigger.HandleAsync, context.CancellationToken);
}
