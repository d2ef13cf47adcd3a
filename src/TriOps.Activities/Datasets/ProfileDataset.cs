using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;
using TriOps.Core.Workflows;
using TriOps.Data.Packs;
using TriOps.Data.Profiles;

namespace TriOps.Activities.Datasets;

/// <summary>Types and profiles what was staged. A file that is no table is a result, not a failure: its version will be quarantined.</summary>
public sealed class ProfileDataset(IBlobs blobs, DatasetSpecs specs, DatasetProfiler profiler) : IActivity<StagedFile, ProfiledFile>
{
    /// <inheritdoc/>
    public static ActivityName<StagedFile, ProfiledFile> Name => IngestSteps.Profile;

    /// <inheritdoc/>
    public async Task<ProfiledFile> Run(StagedFile input, CancellationToken ct)
    {
        using var span = TriOpsTelemetry.Source.StartActivity("profile dataset");
        var spec = await specs.GetAsync(input.Request.Project, input.Request.Dataset, ct);
        var manifest = await DatasetManifest.ReadAsync(blobs, input.Manifest, ct);
        var (profile, unreadable) = (new DatasetProfile(0, 0, []), (QualityIssue?)null);
        try { profile = await profiler.ProfileAsync(manifest, spec, ct); }
        catch (InvalidInputException e) { unreadable = new QualityIssue(e.Code, null, e.Message); }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(profile, TriOpsJson.Options);
        var id = ContentId.OfBytes(bytes);
        using var content = new MemoryStream(bytes, writable: false);
        await blobs.WriteAsync(DatasetPaths.Profile(id), content, WriteMode.IfAbsent, ct);
        span?.SetTag("triops.rows", profile.Rows).SetTag("triops.columns", profile.Columns.Count);
        IngestMetrics.Rows.Add(profile.Rows);
        return new ProfiledFile(input, [.. profile.Columns.Select(c => new Column(c.Name, c.Kind))], profile.Rows, id, unreadable);
    }
}
