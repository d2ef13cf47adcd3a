using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;
using TriOps.Core.Workflows;
using TriOps.Data.Packs;

namespace TriOps.Activities.Datasets;

/// <summary>Stores a file as chunks, with a manifest of its own, and puts it in line for the dataset's next version. Done again it stores
/// nothing new.</summary>
public sealed class StageFile(IBlobs blobs, DatasetSpecs specs, DatasetCatalog catalog, CommitLine line, FilePacker packer,
    TimeProvider time) : IActivity<StageRequest, StagedFile>
{
    private Head? last; // Thousands of small files are staged on one head: its manifest is read once.

    private sealed record Head(ContentId Id, DatasetManifest Manifest);

    /// <inheritdoc/>
    public static ActivityName<StageRequest, StagedFile> Name => IngestSteps.Stage;

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">Project, dataset or blob is not there.</exception>
    /// <exception cref="ConflictException">The blob was replaced after its event (blob-changed): the new one has an event of its own. Or an
    /// older version of this host asked (dataset-turn-lost).</exception>
    public async Task<StagedFile> Run(StageRequest input, CancellationToken ct)
    {
        using var span = TriOpsTelemetry.Source.StartActivity("stage file");
        IngestTurns.RefuseOlder(input.Key);
        await specs.GetAsync(input.Project, input.Dataset, ct);
        var added = 0L;
        if (await line.SettledAsync(input.Project, input.Dataset, input.Key, ct) is not null) return new(input.Source.Length, 0);
        if (!await line.WaitsAsync(input.Project, input.Dataset, input.Key, ct)) added = await EnlistAsync(input, ct);
        span?.SetTag("triops.bytes", input.Source.Length).SetTag("triops.added_bytes", added);
        return new(input.Source.Length, added, await line.IsOthersTurnAsync(input.Project, input.Dataset, input.Key, ct));
    }

    private async Task<long> EnlistAsync(StageRequest input, CancellationToken ct)
    {
        var (part, added) = input.Remove ? (null, 0) : await StoreAsync(input, ct);
        await line.EnlistAsync(input.Project, input.Dataset, new(input.Key, input.Source, part, added, time.GetUtcNow(), input.Cause), ct);
        return added;
    }

    private async Task<(ContentId? Part, long Added)> StoreAsync(StageRequest input, CancellationToken ct)
    {
        await using var content = await blobs.OpenReadAsync(input.Blob, ct, ifMatch: input.Source.ETag);
        var packed = await packer.PackAsync(input.Source.File, content, await ParentAsync(input, ct), ct);
        IngestMetrics.Bytes.Add(packed.File.Length);
        IngestMetrics.AddedBytes.Add(packed.AddedBytes);
        return (await new DatasetManifest(DatasetManifest.CurrentVersion, [packed.File]).WriteAsync(blobs, ct), packed.AddedBytes);
    }

    /// <summary>What the head's files are made of need not be stored again. A head that cannot be read only costs that; that it cannot be
    /// read is told when a version is made.</summary>
    private async Task<DatasetManifest?> ParentAsync(StageRequest input, CancellationToken ct)
    {
        if (await catalog.HeadAsync(input.Project, input.Dataset, ct) is not { } head) return null;
        if (last is { } known && known.Id == head.Manifest) return known.Manifest;
        try
        {
            var manifest = await DatasetManifest.ReadAsync(blobs, head.Manifest, ct);
            last = new(head.Manifest, manifest);
            return manifest;
        }
        catch (Exception e) when (e is NotFoundException or InvalidDataException) { return null; }
    }
}
