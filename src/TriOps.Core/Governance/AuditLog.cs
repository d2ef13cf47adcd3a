using System.Text.Json;
using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Core.Governance;

/// <summary>Who did what to what. Append-only; newest first.</summary>
public sealed class AuditLog(IDocuments<AuditEvent> events, TimeProvider time)
{
    private const string Partition = "audit";

    /// <summary>Adds an event.</summary>
    /// <param name="actor">"workflow {id}", or a <see cref="Caller"/>'s name.</param>
    /// <param name="action">model.promote, deployment.traffic, …</param>
    /// <param name="subject">What it was done to.</param>
    /// <param name="details">Values and reasons. Never secrets.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="at">When the change was made, as its document says: a step that is done again then writes the same event, and the log
    /// has it once. Every step of a workflow gives it; a command that a person sends once need not (null: now).</param>
    public async Task WriteAsync(string actor, string action, string subject, IReadOnlyDictionary<string, string> details,
        CancellationToken ct, DateTimeOffset? at = null)
    {
        var when = at ?? time.GetUtcNow();
        var content = JsonSerializer.SerializeToUtf8Bytes(new { when, actor, action, subject, details }, TriOpsJson.Options);
        var id = $"{Rows.Descending(when)}-{ContentId.OfBytes(content).Short}";
        await events.PutAsync(new(Partition, id), new AuditEvent(id, when, actor, action, subject, details), ct);
    }

    /// <summary>Newest first.</summary>
    public async Task<Page<AuditEvent>> ListAsync(PageRequest page, CancellationToken ct)
    {
        var found = await events.ListAsync(Partition, page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }
}
