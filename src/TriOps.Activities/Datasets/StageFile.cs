using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;
using TriOps.Core.Workflows;
using TriOps.Data.Packs;

namespace TriOps.Activities.Datasets;

/// <summary>Stores a file as chunks, and the manifest that would make it part of the next version. Done again on the same head it stores nothing new.</summary>
public sealed class StageFile(IBlobs blobs, DatasetSpecs specs, DatasetCatalog catalog, FilePacker packer) : IActivity<IngestRequest, StagedFile>
{
    /// <inheritdoc/>
    public static ActivityName<IngestRequest, StagedFile> Name => IngestSteps.Stage;

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">Project, dataset or blob is not there.</exception>
    /// <exception cref="ConflictException">The blob was replaced after its event (blob-changed): the new one has an event of its own.</exception>
    public async Task<StagedFile> Run(IngestRequest input, CancellationToken ct)
    {
        using var span = TriOpsTelemetry.Source.StartActivity("stage file");
        await specs.GetAsync(input.Project, input.Dataset, ct);
        var head = await catalog.HeadAsync(input.Project, input.Dataset, ct);
        var parent = head is null ? null : await DatasetManifest.ReadAsync(blobs, head.Manifest, ct);

        await using var content = await blobs.OpenReadAsync(input.Blob, ct, ifMatch: input.Source.ETag);
        var packed = await packer.PackAsync(input.Source.File, content, parent, ct);

        var manifest = (parent ?? new DatasetManifest(DatasetManifest.CurrentVersion, [])).With(packed.File);
        var id = await manifest.WriteAsync(blobs, ct);
        span?.SetTag("triops.bytes", packed.File.Length).SetTag("triops.added_bytes", packed.AddedBytes);
        IngestMetrics.Bytes.Add(packed.File.Length);
        IngestMetrics.AddedBytes.Add(packed.AddedBytes);
        return new StagedFile(input, id, head?.Number, manifest.Length, packed.AddedBytes);
    }
}
