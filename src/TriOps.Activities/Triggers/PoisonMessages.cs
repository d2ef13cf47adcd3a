using System.Text.Json;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Storage;

namespace TriOps.Activities.Triggers;

/// <summary>A message that could not be handled, as it lies on the poison queue.</summary>
/// <param name="Body">As it came, at most its first 16,000 characters.</param>
/// <param name="Reason">Why.</param>
/// <param name="Deliveries">How often it was tried.</param>
/// <param name="At">When it was given up.</param>
public sealed record PoisonMessage(string Body, string Reason, int Deliveries, DateTimeOffset At);

/// <summary>When a message is given up, and how it is set aside: the same behind every host's queue trigger.</summary>
public sealed class PoisonMessages(IQueues queues, TimeProvider time, ILogger<PoisonMessages> log)
{
    /// <summary>Deliveries in all. host.json's maxDequeueCount says the same.</summary>
    public const int Attempts = 5;

    private const int MaxBody = 16_000;

    /// <summary>True when another delivery cannot help, or there have been enough.</summary>
    public static bool GivesUp(Exception e, long deliveries) => e is InvalidInputException || deliveries >= Attempts;

    /// <summary>Puts the message on {queue}-poison with its reason. The caller then completes it.</summary>
    public async Task SetAsideAsync(string queue, string body, Exception e, long deliveries, CancellationToken ct)
    {
        log.LogError(e, "A message on {Queue} goes to {Poison} after {Deliveries} deliveries", queue, Queues.PoisonOf(queue), deliveries);
        var kept = body.Length <= MaxBody ? body : body[..MaxBody];
        await queues.SendAsync(Queues.PoisonOf(queue),
            JsonSerializer.Serialize(new PoisonMessage(kept, e.Message, (int)deliveries, time.GetUtcNow()), TriOpsJson.Options), ct);
    }
}
