namespace TriOps.Core.Storage;

/// <summary>A message as received.</summary>
/// <param name="Id">The queue's id.</param>
/// <param name="Body">UTF-8 text, at most 48 KiB.</param>
/// <param name="Deliveries">How often it has been received, this time included.</param>
/// <param name="Receipt">For completing it.</param>
public sealed record QueueMessage(string Id, string Body, int Deliveries, string Receipt);

/// <summary>Queues by name; at-least-once, unordered.</summary>
public interface IQueues
{
    /// <summary>Adds a message.</summary>
    Task SendAsync(string queue, string body, CancellationToken ct);

    /// <summary>Up to <paramref name="max"/> (1..32) messages, hidden from others for <paramref name="visibility"/>.</summary>
    Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken ct);

    /// <summary>Removes a received message; nothing happens if it was taken over by another receiver.</summary>
    Task CompleteAsync(string queue, QueueMessage message, CancellationToken ct);
}

/// <summary>The queues, and what each carries. Beside each, its poison queue holds what could not be handled, each with its
/// reason.</summary>
public static class Queues
{
    /// <summary><see cref="Compute.JobEnd"/> messages from trainers.</summary>
    public const string JobEvents = "job-events";
    /// <summary>Poison of <see cref="JobEvents"/>.</summary>
    public const string JobEventsPoison = "job-events-poison";
    /// <summary>Event Grid's blob-created events of the inbox container. Used in Azure; locally the inbox is polled.</summary>
    public const string InboxEvents = "inbox-events";
    /// <summary>Poison of <see cref="InboxEvents"/>.</summary>
    public const string InboxEventsPoison = "inbox-events-poison";

    /// <summary>Every queue.</summary>
    public static IReadOnlyList<string> All { get; } = [JobEvents, JobEventsPoison, InboxEvents, InboxEventsPoison];

    /// <summary>Where a queue's messages go that could not be handled; the Functions host uses the same name.</summary>
    public static string PoisonOf(string queue) => queue + "-poison";
}
