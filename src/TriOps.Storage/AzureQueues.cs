using System.Text;
using Azure;
using Azure.Storage.Queues.Models;
using TriOps.Core;
using TriOps.Core.Storage;
using QueueMessage = TriOps.Core.Storage.QueueMessage;

namespace TriOps.Storage;

/// <summary>Queues on Azure Queue Storage. Bodies are base64 on the wire, once, as host.json tells the Functions host ("messageEncoding").
/// It is done here and not by the client, which throws on a message that somebody put there as plain text; that is handed out as it
/// is.</summary>
public sealed class AzureQueues(StorageClients clients) : IQueues
{
    /// <summary>Largest body, in bytes of UTF-8: what fits into a message of 64 KiB as base64.</summary>
    public const int MaxBody = 48 * 1024;

    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    /// <inheritdoc/>
    public Task SendAsync(string queue, string body, CancellationToken ct)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        if (bytes.Length > MaxBody)
            throw new InvalidInputException("message-too-large",
                $"A message for queue {queue} has {bytes.Length} bytes; the most is {MaxBody}. Put the data into a blob and "
                + $"send its path.");
        return clients.Queue(queue).SendMessageAsync(Convert.ToBase64String(bytes), timeToLive: Forever, cancellationToken: ct);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken ct)
    {
        var received = await clients.Queue(queue).ReceiveMessagesAsync(max, visibility, ct);
        return [.. received.Value.Select(m => new QueueMessage(m.MessageId, Decode(m.MessageText), (int)m.DequeueCount, m.PopReceipt))];
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(string queue, QueueMessage message, CancellationToken ct)
    {
        try { await clients.Queue(queue).DeleteMessageAsync(message.Id, message.Receipt, ct); }
        catch (RequestFailedException e)
            when (e.ErrorCode == QueueErrorCode.MessageNotFound
            || e.ErrorCode == QueueErrorCode.PopReceiptMismatch) { /* Taken over, or gone. */ }
    }

    private static string Decode(string text)
    {
        try { return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(text)); }
        catch (Exception e) when (e is FormatException or ArgumentException) { return text; }
    }
}
