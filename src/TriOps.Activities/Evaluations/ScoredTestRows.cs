using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Models;

namespace TriOps.Activities.Evaluations;

/// <summary>A version's test rows, and models' outputs on them. The slices of a candidate are evaluated one by one, most often at the same time and on one machine:
/// the data are read once, and scored once by each model, for all of them.</summary>
public sealed class ScoredTestRows(TabularReader reader, IScorers scorers, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private readonly MadeOnce<TabularData> rows = new(time, Kept, most: 4);
    private readonly MadeOnce<float[]> outputs = new(time, Kept, most: 8);

    /// <summary>The rows of the plan's test part, in the layout of its features.</summary>
    /// <exception cref="InvalidInputException">The data do not fit the plan, as <see cref="TabularReader.ReadAsync"/> says.</exception>
    public Task<TabularData> RowsAsync(TrainingPlan plan, CancellationToken ct) =>
        rows.GetAsync(Key(plan), () => reader.ReadAsync(plan.Manifest, plan, CancellationToken.None, Part.Test), ct);

    /// <summary>A model's outputs on <see cref="RowsAsync"/>, row-major.</summary>
    /// <exception cref="InvalidInputException">As above, or the bytes are no model that fits its signature (code model-invalid).</exception>
    public Task<float[]> OutputsAsync(TrainingPlan plan, TrialArtifacts artifacts, CancellationToken ct) => outputs.GetAsync($"{Key(plan)} {artifacts.Onnx}", async () =>
    {
        var test = await RowsAsync(plan, CancellationToken.None);
        var scorer = await scorers.OpenAsync(artifacts.Onnx, artifacts.Signature, CancellationToken.None);
        return test.Rows.Count == 0 ? [] : scorer.Score(test.Rows);
    }, ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        rows.Dispose();
        outputs.Dispose();
    }

    private static string Key(TrainingPlan plan) => ContentId.OfBytes(JsonSerializer.SerializeToUtf8Bytes(plan, TriOpsJson.Options)).Hex;
}
