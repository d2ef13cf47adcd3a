using System.Text.Json;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Storage;

namespace TriOps.Core.Monitoring;

/// <summary>Where baselines are kept.</summary>
public static class Baselines
{
    /// <summary>Stores a baseline by its content.</summary>
    public static async Task<ContentId> StoreAsync(IBlobs blobs, Baseline baseline, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(baseline, TriOpsJson.Options);
        var id = ContentId.OfBytes(bytes);
        using var content = new MemoryStream(bytes, writable: false); // Of wide rows there may be more than one call takes.
        await blobs.WriteAsync(ModelPaths.Baseline(id), content, WriteMode.IfAbsent, ct);
        return id;
    }
}
