using System.Text.Json;
using System.Text.Json.Serialization;
using TriOps.Core;
using TriOps.Core.Storage;

namespace TriOps.Functions.Triggers;

/// <summary>Event Grid's notice that a blob was written, as its storage queue delivers it. What it says is believed only as far as finding
/// the blob: who may write to the queue may write anything.</summary>
internal static class BlobCreated
{
    private const string EventType = "Microsoft.Storage.BlobCreated",
        Subject = $"/blobServices/default/containers/{Containers.Inbox}/blobs/";

    /// <summary>Calls that leave a whole blob behind. (A hierarchical account reports the creation of the empty file too.)</summary>
    private static readonly string[] Calls = ["PutBlob", "PutBlockList", "CopyBlob", "FlushWithClose", "SftpCommit"];

    // https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage, schema version 1 of the data, Event Grid's own envelope.
    private sealed record Event(string? EventType, string? Subject, Data? Data);

    private sealed record Data([property: JsonPropertyName("api")] string? Call);

    /// <summary>The blob that was written; null when the event tells of no whole blob.</summary>
    /// <exception cref="InvalidInputException">It is no such event, or not of the inbox (code inbox-event-invalid): trying again will not
    /// help.</exception>
    public static BlobPath? Read(string message)
    {
        Event? e;
        try { e = JsonSerializer.Deserialize<Event>(message, TriOpsJson.Options); }
        catch (JsonException x) { throw Invalid($"it is no JSON object of one event: {x.Message}", x); }
        if (e?.EventType != EventType) throw Invalid($"its type is '{Shown(e?.EventType)}', not {EventType}");
        if (e.Subject?.StartsWith(Subject, StringComparison.Ordinal) != true)
            throw Invalid($"its subject is '{Shown(e.Subject)}', which is not in the inbox");
        if (e.Data?.Call is not { } call) throw Invalid("it does not say by which call the blob was written");
        try { return Calls.Contains(call) ? new BlobPath(Containers.Inbox, e.Subject[Subject.Length..]) : null; }
        catch (Exception x) when (x is InvalidInputException or ArgumentException) { throw Invalid(x.Message, x); }
    }

    private static string Shown(string? text) => text is null ? "missing" : text.Length <= 200 ? text : text[..200] + "…";

    private static InvalidInputException Invalid(string why, Exception? inner = null) =>
        new("inbox-event-invalid", $"A message on the queue {Queues.InboxEvents} is no event of a blob in the inbox: {why}.", inner);
}
