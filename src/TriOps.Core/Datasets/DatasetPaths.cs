using TriOps.Core.Content;
using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Core.Datasets;

/// <summary>Where datasets keep their blobs.</summary>
public static class DatasetPaths
{
    /// <summary>A <see cref="DatasetProfile"/>.</summary>
    public static BlobPath Profile(ContentId id) => new(Containers.Data, $"profiles/{id}.json");

    /// <summary>A pack of chunks.</summary>
    public static BlobPath Pack(ContentId id) => new(Containers.Data, $"packs/{id.Hex[..2]}/{id}.pack");

    /// <summary>A <see cref="Packs.DatasetManifest"/>.</summary>
    public static BlobPath Manifest(ContentId id) => new(Containers.Data, $"manifests/{id}.json");

    /// <summary>An uploaded file.</summary>
    public static BlobPath Inbox(ProjectName project, DatasetName dataset, string file) =>
        new(Containers.Inbox, $"{project}/{dataset}/{file}");

    /// <summary>A file of labelled predictions, which a check of a deployment wrote.</summary>
    public static BlobPath Feedback(ProjectName project, DatasetName dataset, string file) =>
        new(Containers.Data, $"feedback/{project}/{dataset}/{file}");
}
