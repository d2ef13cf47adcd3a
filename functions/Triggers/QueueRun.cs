using System.Diagnostics;
using Azure.Storage.Queues.Models;
using Microsoft.DurableTask.Client;
using TriOps.Activities.Triggers;
using TriOps.Core.Telemetry;
using TriOps.Durable;

namespace TriOps.Functions.Triggers;

/// <summary>The body of every queue function: a message that cannot be handled goes to the poison queue with its reason, at once when
/// another delivery cannot help, else at the last one. The host's own poison handling, which knows no reason, is left for what ends the
/// process.</summary>
public sealed class QueueRun(PoisonMessages poison, DurableConnection connection)
{
    /// <summary>Handles one delivery. What it throws makes the host deliver the message again.</summary>
    public async Task RunAsync(string queue, QueueMessage message, DurableTaskClient client, Func<string, CancellationToken, Task> handle,
        CancellationToken ct)
    {
        connection.Use(client);
        using var span = TriOpsTelemetry.Source.StartActivity($"{queue} message", ActivityKind.Consumer);
        var body = message.Body.ToString();
        try { await handle(body, ct); }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            if (!PoisonMessages.GivesUp(e, message.DequeueCount)) throw;
            await poison.SetAsideAsync(queue, body, e, message.DequeueCount, ct);
        }
    }
}
