using TriOps.Core.Datasets;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Data.Profiles;

namespace TriOps.Activities.Datasets;

/// <summary>Holds a stored profile against the project file's rules.</summary>
public sealed class QualityCheck(IBlobs blobs, DatasetSpecs specs)
{
    /// <summary>What the rules say; files that are no table break the first of them.</summary>
    public async Task<QualityVerdict> CheckAsync(CommitRequest version, CancellationToken ct)
    {
        if (version.Unreadable is { } issue) return new QualityVerdict(false, [issue]);
        var spec = await specs.GetAsync(version.Project, version.Dataset, ct);
        return QualityRules.Check(await blobs.ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile(version.Profile!.Value), ct), spec);
    }
}
