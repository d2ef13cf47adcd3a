using System.Collections.Concurrent;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Storage;
using TriOps.Data.Packs;

namespace TriOps.Activities.Datasets;

/// <summary>The files of the version that would be next.</summary>
/// <param name="Manifest">All of them.</param>
/// <param name="Unreadable">Why they are no version to commit: what they stand on, or one of them, cannot be read; or none is left.</param>
internal sealed record NextFiles(DatasetManifest Manifest, QualityIssue? Unreadable = null)
{
    /// <summary>A head or a file whose blobs are not what they were.</summary>
    public const string BlobsUnreadable = "blobs-unreadable";

    private const int AtOnce = 16;

    /// <summary>Puts the files of a turn on the head. They are a map from name to file: whatever order they came in, changes of different
    /// files give the same.</summary>
    public static async Task<NextFiles> MergeAsync(IBlobs blobs, DatasetVersion? head, IReadOnlyList<WaitingFile> files,
        CancellationToken ct)
    {
        var (manifest, broken) = (new DatasetManifest(DatasetManifest.CurrentVersion, []), (QualityIssue?)null);
        if (head is not null)
        {
            try { manifest = await DatasetManifest.ReadAsync(blobs, head.Manifest, ct); }
            catch (Exception e) when (IsDamage(e)) { broken = Damaged(head.Ref, e.Message); }
        }
        var parts = new ConcurrentDictionary<ContentId, DatasetManifest>();
        try
        {
            await Parallel.ForEachAsync(files.Select(f => f.Part).OfType<ContentId>()
                .Distinct(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                async (part, token) => parts[part] = await DatasetManifest.ReadAsync(blobs, part, token));
        }
        catch (Exception e) when (IsDamage(e)) { broken ??= new(BlobsUnreadable, null, $"{e.Message} Upload the file again."); }

        foreach (var file in files)
            manifest = file.Part is not { } part ? manifest.Without(file.Source.File) : parts.TryGetValue(part, out var stored)
                ? manifest.With(stored.Files[0]) : manifest;
        if (manifest.Files.Count == 0)
            broken ??= new("files-none", null,
                "No file would be left. Upload one before you take the last one out, or withdraw the version.");
        return new(manifest, broken);
    }

    /// <summary>Whether storage has lost or changed something, which no retry brings back.</summary>
    public static bool IsDamage(Exception e) => e is InvalidDataException or NotFoundException { Code: "manifest-missing" };

    /// <summary>What to do about a version that cannot be read.</summary>
    public static QualityIssue Damaged(DatasetVersionRef? head, string what) => new(BlobsUnreadable, null, head is null
        ? $"{what} Upload the file again."
        : $"These files would be added to {head}, but: {what} 'triops data check {head.Project}/{head.Dataset}' says all that is missing. "
        + $"Restore it, or run 'triops data withdraw {head}' so that uploads go on from the version before; then upload these "
        + $"files again.");
}
