using TriOps.Core.Datasets;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Data.Profiles;

namespace TriOps.Activities.Datasets;

/// <summary>Holds a stored profile against the project file's rules.</summary>
public sealed class QualityCheck(IBlobs blobs, DatasetSpecs specs)
{
    /// <summary>What the rules say; a file that is no table breaks the first of them.</summary>
    public async Task<QualityVerdict> CheckAsync(ProfiledFile file, CancellationToken ct)
    {
        if (file.Unreadable is { } issue) return new QualityVerdict(false, [issue]);
        var request = file.Staged.Request;
        var spec = await specs.GetAsync(request.Project, request.Dataset, ct);
        return QualityRules.Check(await blobs.ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile(file.Profile), ct), spec);
    }
}
