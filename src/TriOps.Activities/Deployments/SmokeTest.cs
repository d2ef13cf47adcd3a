using System.Globalization;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Deployments;

/// <summary>Loads the model as serving does, scores its reference rows, and compares with what the trainer computed for them.</summary>
public sealed class SmokeTest(DeploymentTable deployments, ModelRegistry registry, IScorers scorers, IBlobs blobs)
    : IActivity<RevisionRef, SmokeTestResult>
{
    /// <inheritdoc/>
    public static ActivityName<RevisionRef, SmokeTestResult> Name => DeploySteps.SmokeTest;

    /// <inheritdoc/>
    public async Task<SmokeTestResult> Run(RevisionRef input, CancellationToken ct)
    {
        var deployment = await deployments.GetAsync(input.Deployment, ct);
        var revision = deployment.GetOpen(input.Number);
        var alone = deployment.Active is null;
        try
        {
            var artifacts = (await registry.GetAsync(revision.Version, ct)).Artifacts;
            var reference = await blobs.ReadJsonAsync<ReferenceOutputs>(ModelPaths.Reference(artifacts.Reference), ct);
            var scorer = await scorers.OpenAsync(artifacts.Files, artifacts.Signature.Table, ct);
            return Compare(revision.Version, reference, scorer.Score(reference.Rows)) with { Alone = alone };
        }
        catch (TriOpsException e) when (e is InvalidInputException or NotFoundException)
        {
            return new(false, $"{revision.Version} does not load: {e.Message}", alone);
        }
    }

    private static SmokeTestResult Compare(ModelVersionRef version, ReferenceOutputs reference, float[] outputs)
    {
        float[] expected = [.. reference.Outputs.SelectMany(o => o)];
        if (expected.Length == 0) return new(false, $"{version} has no reference rows: nothing says that it answers rightly.");
        if (expected.Length != outputs.Length)
            return new(false,
                $"{version} gave {outputs.Length} outputs for {reference.Rows.Count} reference rows; the trainer gave {expected.Length}.");
        var worst = 0f;
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(outputs[i] - expected[i]);
            if (!(difference <= reference.Tolerance)) // NaN too
                return new(false,
                string.Create(CultureInfo.InvariantCulture,
                $"{version} gives {outputs[i]:G6} for reference row {i / (expected.Length / reference.Rows.Count)} where the trainer gave "
                + $"{expected[i]:G6}; {reference.Tolerance:G3} is the tolerance."));
            worst = Math.Max(worst, difference);
        }
        return new(true,
            string.Create(CultureInfo.InvariantCulture,
            $"{version} reproduces {reference.Rows.Count} reference rows within {worst:G2} (tolerance {reference.Tolerance:G3})."));
    }
}
