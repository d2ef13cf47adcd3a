using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Names;
using TriOps.Core.Storage;
using TriOps.Data.Packs;

namespace TriOps.Data.Checks;

/// <summary>Looks whether the blobs that a dataset's versions are made of are there.</summary>
public sealed class DatasetCheck(DatasetCatalog catalog, IBlobs blobs, DatasetFiles files) : IDatasetCheck
{
    /// <inheritdoc/>
    public async Task<DatasetCheckReport> RunAsync(ProjectName project, DatasetName dataset, bool read, CancellationToken ct)
    {
        var head = await catalog.HeadAsync(project, dataset, ct);
        var (packs, faults, versions, next) = (new Dictionary<ContentId, long>(), new List<DatasetFault>(), 0, (string?)null);
        do
        {
            var page = await catalog.ListAsync(project, dataset, new(200, next), ct);
            foreach (var version in page.Items.Where(v => v.Status is VersionStatus.Committed or VersionStatus.Quarantined))
            {
                versions++;
                if (await FaultAsync(version, packs, read && version.Number == head?.Number, ct) is { } fault)
                    faults.Add(new(version.Number, version.Number == head?.Number, fault));
            }
            next = page.Continuation;
        }
        while (next is not null);
        return new(versions, head?.Number, faults);
    }

    private async Task<string?> FaultAsync(DatasetVersion version, Dictionary<ContentId, long> packs, bool read, CancellationToken ct)
    {
        DatasetManifest manifest;
        try { manifest = await DatasetManifest.ReadAsync(blobs, version.Manifest, ct); }
        catch (Exception e) when (e is NotFoundException or InvalidDataException) { return e.Message; }
        if (await blobs.FindAsync(DatasetPaths.Profile(version.Profile), ct) is null)
            return $"There is no {DatasetPaths.Profile(version.Profile)}, the profile.";
        foreach (var pack in manifest.Files.SelectMany(f => f.Chunks).GroupBy(c => c.Pack))
        {
            if (!packs.TryGetValue(pack.Key, out var length))
                packs[pack.Key] = length = (await blobs.FindAsync(DatasetPaths.Pack(pack.Key), ct))?.Length ?? -1;
            var needed = pack.Max(c => (long)c.Offset + c.Length);
            if (length < needed)
                return $"{DatasetPaths.Pack(pack.Key)} {(length < 0 ? "is missing" : $"has {length} bytes instead of {needed}")}; "
                    + $"{FileOf(manifest, pack.Key)} needs it.";
        }
        return read ? await ReadAsync(manifest, ct) : null;
    }

    private async Task<string?> ReadAsync(DatasetManifest manifest, CancellationToken ct)
    {
        try
        {
            foreach (var file in manifest.Files)
            {
                await using var content = files.Open(file);
                await content.CopyToAsync(Stream.Null, ct);
            }
            return null;
        }
        catch (InvalidDataException e) { return e.Message; }
    }

    private static string FileOf(DatasetManifest manifest, ContentId pack) =>
        manifest.Files.First(f => f.Chunks.Any(c => c.Pack == pack)).Name;
}
