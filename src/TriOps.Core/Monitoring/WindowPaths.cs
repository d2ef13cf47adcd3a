using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Core.Monitoring;

/// <summary>Where monitoring keeps its blobs.</summary>
public static class WindowPaths
{
    /// <summary>A <see cref="DriftReport"/>.</summary>
    public static BlobPath Report(ContentId id) => new(Containers.InferenceLog, $"windows/{id}.json");
}
