using TriOps.Core.Datasets;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Datasets;

/// <summary>Holds the profile against the project file's rules.</summary>
public sealed class CheckQuality(IBlobs blobs, DatasetSpecs specs) : IActivity<ProfiledFile, QualityVerdict>
{
    /// <inheritdoc/>
    public static ActivityName<ProfiledFile, QualityVerdict> Name => IngestSteps.Check;

    /// <inheritdoc/>
    public async Task<QualityVerdict> Run(ProfiledFile input, CancellationToken ct)
    {
        if (input.Unreadable is { } issue) return new QualityVerdict(false, [issue]);
        var request = input.Staged.Request;
        var spec = await specs.GetAsync(request.Project, request.Dataset, ct);
        return QualityRules.Check(await blobs.ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile(input.Profile), ct), spec);
    }
}
