using TriOps.Core.Content;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Storage;
using TriOps.Data.Tables;
using TriOps.Statistics.Drift;

namespace TriOps.Activities.Experiments;

/// <summary>What a trial's training rows looked like, and its model's outputs on them.</summary>
public sealed class BaselineOfTrial(TabularReader tables, IBlobs blobs, IScorers scorers)
{
    /// <summary>The baseline that the trial's job left. Jobs of older trainers left none: it is made here, from the training part and the
    /// exported model.</summary>
    public async Task<ContentId> GetAsync(TrainingPlan plan, TrialArtifacts artifacts, CancellationToken ct)
    {
        if (artifacts.Baseline is { } left) return left;
        var train = await tables.ReadAsync(plan.Manifest, plan, ct, Part.Train);
        var scorer = await scorers.OpenAsync(artifacts.Files, artifacts.Signature.Table, ct);
        return await blobs.StoreJsonAsync(ModelPaths.Baseline,
            BaselineBuilder.Build(artifacts.Signature.Table, train.Rows, scorer.Score, plan.Spec.Split.Seed), ct);
    }
}
