using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Core.Datasets;

/// <summary>Where datasets keep their blobs in the data container.</summary>
public static class DatasetPaths
{
    /// <summary>A <see cref="DatasetProfile"/>.</summary>
    public static BlobPath Profile(ContentId id) => new(Containers.Data, $"profiles/{id}.json");
}
