using TriOps.Core.Experiments;
using TriOps.Core.Storage;
using TriOps.Data.Tables;

namespace TriOps.Trainer.Jobs;

/// <summary>Rows of a dataset version, from its packs.</summary>
internal sealed class VersionRows(IBlobs blobs) : IJobData
{
    public Task<TabularData> ReadAsync(TrainingPlan plan, CancellationToken ct) =>
        new TabularReader(blobs).ReadAsync(plan.Manifest, plan, ct);
}
