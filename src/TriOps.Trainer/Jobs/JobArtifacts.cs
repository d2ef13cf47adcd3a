using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Statistics.Drift;
using TriOps.Training.Tables;

namespace TriOps.Trainer.Jobs;

/// <summary>Stores what a fit leaves, by content.</summary>
internal static class JobArtifacts
{
    private const int MaxReferenceRows = 256;
    private const float Tolerance = 1e-5f;

    /// <summary>Writes the graph, the reference outputs of the first held-out rows, and the baseline of the training rows.</summary>
    /// <param name="blobs">Where to.</param>
    /// <param name="model">What was fitted.</param>
    /// <param name="train">What it was fitted on.</param>
    /// <param name="heldOut">The validation rows.</param>
    /// <param name="seed">Decides which training rows the baseline samples.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<TrialArtifacts> StoreAsync(IBlobs blobs, FittedModel model, FeatureRows train, FeatureRows heldOut, int seed,
        CancellationToken ct)
    {
        using var graph = new MemoryStream();
        model.ExportOnnx(graph);
        var onnx = ContentId.OfBytes(graph.GetBuffer().AsSpan(0, (int)graph.Length));
        graph.Position = 0;
        await blobs.WriteAsync(ModelPaths.Onnx(onnx), graph, WriteMode.IfAbsent, ct);

        var reference = await blobs.StoreJsonAsync(ModelPaths.Reference, Reference(model, heldOut), ct);
        var baseline =
            await blobs.StoreJsonAsync(ModelPaths.Baseline, BaselineBuilder.Build(model.Signature, train, model.Predict, seed), ct);
        return new(ModelFiles.Of(onnx, graph.Length), model.Signature, reference, model.Importance, baseline);
    }

    // Graphs add in 32 bits: a regression's tolerance grows with what it predicts.
    private static ReferenceOutputs Reference(FittedModel model, FeatureRows heldOut)
    {
        var rows = heldOut.First(MaxReferenceRows);
        var outputs = model.Predict(rows);
        var scale = model.Signature.Task == TaskKind.Regression ? Math.Max(1, outputs.Max(Math.Abs)) : 1;
        return new(rows, [.. outputs.Chunk(model.Signature.Outputs)], Tolerance * scale);
    }
}
