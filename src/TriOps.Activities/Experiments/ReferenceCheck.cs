using System.Globalization;
using TriOps.Core;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Storage;

namespace TriOps.Activities.Experiments;

/// <summary>Whether a trial's exported graph says on held-out rows what the trainer said: only then may it be registered.</summary>
public sealed class ReferenceCheck(IBlobs blobs, IScorers scorers)
{
    /// <summary>Null when it does; else what differs.</summary>
    public async Task<string?> FaultOf(TrialArtifacts artifacts, CancellationToken ct)
    {
        var reference = await blobs.ReadJsonAsync<ReferenceOutputs>(ModelPaths.Reference(artifacts.Reference), ct);
        if (reference.Rows.Count == 0 || reference.Outputs.Count != reference.Rows.Count)
            return $"The trainer left {reference.Outputs.Count} outputs for {reference.Rows.Count} held-out rows: the exported model "
                + $"cannot be checked.";
        float[] outputs;
        try { outputs = (await scorers.OpenAsync(artifacts.Files, artifacts.Signature.Table, ct)).Score(reference.Rows); }
        catch (InvalidInputException e) { return $"The exported model cannot be loaded: {e.Message}"; }

        var expected = reference.Outputs.SelectMany(o => o).ToArray();
        if (expected.Length != outputs.Length)
            return $"The exported model gives {outputs.Length} outputs for {reference.Rows.Count} held-out rows; the trainer gave "
                + $"{expected.Length}.";
        var (worst, at) = (0f, 0);
        for (var i = 0; i < outputs.Length; i++)
        {
            var difference = Math.Abs(outputs[i] - expected[i]);
            if (float.IsNaN(difference)) difference = float.PositiveInfinity;
            if (difference > worst) (worst, at) = (difference, i);
        }
        return worst <= reference.Tolerance ? null : string.Create(CultureInfo.InvariantCulture,
            $"The exported model differs from the trainer by {worst:0.######} on held-out row "
            + $"{at / (outputs.Length / reference.Rows.Count)} ({outputs[at]:0.######} instead of {expected[at]:0.######}); "
            + $"{reference.Tolerance:0.######} is allowed.");
    }
}
