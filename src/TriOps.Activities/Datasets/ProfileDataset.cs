using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;
using TriOps.Core.Workflows;
using TriOps.Data.Packs;
using TriOps.Data.Profiles;

namespace TriOps.Activities.Datasets;

/// <summary>Takes the dataset's turn with what waits, puts that on the head, and types and profiles the whole. Files that are no table are
/// a result, not a failure: their version will be quarantined.</summary>
public sealed class ProfileDataset(IBlobs blobs, DatasetSpecs specs, DatasetCatalog catalog, CommitLine line, DatasetProfiler profiler)
    : IActivity<ProfileRequest, ProfiledFile>
{
    private static readonly ProfiledFile NoTurn = new(null, 0, null, null, 0, 0, [], 0, null);

    /// <inheritdoc/>
    public static ActivityName<ProfileRequest, ProfiledFile> Name => IngestSteps.Profile;

    /// <inheritdoc/>
    /// <exception cref="ConflictException">The file does not wait (code dataset-turn-lost): it must be staged again.</exception>
    public async Task<ProfiledFile> Run(ProfileRequest input, CancellationToken ct)
    {
        using var span = TriOpsTelemetry.Source.StartActivity("profile dataset");
        IngestTurns.RefuseOlder(input.Key);
        var spec = await specs.GetAsync(input.Project, input.Dataset, ct);
        if (await line.SettledAsync(input.Project, input.Dataset, input.Key, ct) is not null) return NoTurn;
        var newest = (await catalog.ListAsync(input.Project, input.Dataset, new(BatchSize.Looks), ct)).Items;
        if (await line.TakeAsync(input.Project, input.Dataset, input.Key, Math.Min(input.Most, BatchSize.After(newest)), ct)
            is not { } turn) return await WithoutTurnAsync(input, ct);

        var head = await catalog.HeadAsync(input.Project, input.Dataset, ct);
        var next = await NextFiles.MergeAsync(blobs, head, turn.Files, ct);
        var manifest = await next.Manifest.WriteAsync(blobs, ct);
        var added = turn.Files.Sum(f => f.AddedBytes);
        if (manifest == head?.Manifest)
            return new(turn.Id, turn.Files.Count, manifest, head.Number, next.Manifest.Length, added, head.Columns, head.Rows,
                head.Profile, Unchanged: true);

        var (profile, unreadable) = next.Unreadable is { } broken ? (new DatasetProfile(0, 0, []), broken)
            : await ProfileAsync(next.Manifest, spec, head, ct);
        var id = await blobs.StoreJsonAsync(DatasetPaths.Profile, profile, ct);
        span?.SetTag("triops.rows", profile.Rows).SetTag("triops.columns", profile.Columns.Count).SetTag("triops.files", turn.Files.Count);
        IngestMetrics.Rows.Add(profile.Rows);
        return new(turn.Id, turn.Files.Count, manifest, head?.Number, next.Manifest.Length, added,
            [.. profile.Columns.Select(c => new Column(c.Name, c.Kind))], profile.Rows, id, unreadable);
    }

    /// <summary>It is another's, or this file has its version meanwhile, or it does not wait at all.</summary>
    private async Task<ProfiledFile> WithoutTurnAsync(ProfileRequest input, CancellationToken ct)
    {
        if (await line.WaitsAsync(input.Project, input.Dataset, input.Key, ct)) return NoTurn with { Waits = true };
        if (await line.SettledAsync(input.Project, input.Dataset, input.Key, ct) is not null) return NoTurn;
        throw IngestTurns.Lost(input.Key, "its file does not wait for one");
    }

    private async Task<(DatasetProfile Profile, QualityIssue? Unreadable)> ProfileAsync(DatasetManifest manifest,
        Core.Projects.DatasetSpec spec, DatasetVersion? head, CancellationToken ct)
    {
        try { return (await profiler.ProfileAsync(manifest, spec, ct), null); }
        catch (InvalidInputException e) { return (new(0, 0, []), new(e.Code, null, e.Message)); }
        catch (Exception e) when (NextFiles.IsDamage(e)) { return (new(0, 0, []), NextFiles.Damaged(head?.Ref, e.Message)); }
    }
}
