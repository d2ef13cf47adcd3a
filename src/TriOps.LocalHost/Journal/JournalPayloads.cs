using System.Security.Cryptography;
using System.Runtime.InteropServices;
using TriOps.Core;
using TriOps.Core.Storage;
using System.Text.Json;

namespace TriOps.LocalHost.Journal;

/// <summary>Keeps large payloads out of the table: blob <c>workflows/i-{instance}/{sha-256}.json</c>. Named by content, so writing twice is harmless.</summary>
public sealed class JournalPayloads(IBlobs blobs, int maxInlineBytes)
{
    private const int MaxCommitBytes = 1024 * 1024;
    private const int SmallBytes = 1024;

    /// <summary>How many bytes a payload may keep in place, given how much is written at once: a transaction holds 4 MiB.</summary>
    public int LimitFor(IEnumerable<Payload?> together) => together.Sum(p => (long)Math.Min(p?.Size ?? 0, maxInlineBytes)) > MaxCommitBytes ? SmallBytes : maxInlineBytes;

    /// <summary>The payload, moved to a blob if it is larger than <paramref name="limit"/>.</summary>
    public async Task<Payload?> StoreAsync(string instanceId, Payload? payload, int limit, CancellationToken ct)
    {
        if (payload?.Content is not { } json || payload.Blob is not null || payload.Size <= limit) return payload;
        var bytes = JsonMarshal.GetRawUtf8Value(json).ToArray();
        var name = $"{Folder(instanceId)}{Convert.ToHexStringLower(SHA256.HashData(bytes))}.json";
        await blobs.WriteAsync(new BlobPath(Containers.Workflows, name), bytes, WriteMode.IfAbsent, ct);
        return payload with { Blob = name };
    }

    /// <summary>The payload with its content in memory.</summary>
    public async Task<Payload?> LoadAsync(Payload? payload, CancellationToken ct)
    {
        if (payload is not { Blob: { } name, Content: null }) return payload;
        return payload with { Content = await blobs.ReadJsonAsync<JsonElement>(new BlobPath(Containers.Workflows, name), ct) };
    }

    /// <summary>A history entry as it is stored.</summary>
    public async Task<JournalEvent> StoreAsync(string instanceId, JournalEvent entry, int limit, CancellationToken ct)
    {
        var data = await StoreAsync(instanceId, entry.Data, limit, ct);
        if (!ReferenceEquals(data, entry.Data)) entry = entry with { Data = data };
        if (entry is not ExecutionStarted { Carried.Count: > 0 } start) return entry;
        var kept = new List<CarriedEvent>();
        foreach (var e in start.Carried) kept.Add(e with { Payload = (await StoreAsync(instanceId, e.Payload, limit, ct))! });
        return start with { Carried = kept };
    }

    /// <summary>A history entry with its content in memory, as replay needs it. What the code asked for stays unloaded.</summary>
    public async Task<JournalEvent> LoadAsync(JournalEvent entry, CancellationToken ct)
    {
        if (entry is not Trigger) return entry;
        if (entry.Data is { Blob: not null, Content: null }) entry = entry with { Data = await LoadAsync(entry.Data, ct) };
        if (entry is not ExecutionStarted { Carried.Count: > 0 } start) return entry;
        var kept = new List<CarriedEvent>();
        foreach (var e in start.Carried) kept.Add(e with { Payload = (await LoadAsync(e.Payload, ct))! });
        return start with { Carried = kept };
    }

    /// <summary>Removes every payload of an instance.</summary>
    public async Task PurgeAsync(string instanceId, CancellationToken ct)
    {
        await foreach (var blob in blobs.ListAsync(Containers.Workflows, Folder(instanceId), ct)) await blobs.DeleteAsync(blob.Path, ct);
    }

    private static string Folder(string instanceId) => $"i-{instanceId}/";
}
