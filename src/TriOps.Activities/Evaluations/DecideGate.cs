using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Evaluations;

/// <summary>Puts the slices together, stores the evaluation by its content, and asks the gate. The same slices give the same address.</summary>
public sealed class DecideGate(IBlobs blobs) : IActivity<GateRequest, GatedCandidate>
{
    /// <inheritdoc/>
    public static ActivityName<GateRequest, GatedCandidate> Name => TrainSteps.DecideGate;

    /// <inheritdoc/>
    public async Task<GatedCandidate> Run(GateRequest input, CancellationToken ct)
    {
        var candidate = input.Candidate;
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(candidate.Plan), ct);
        var all = input.Slices.FirstOrDefault(s => s.Candidate.Slice == SliceFinder.All)
            ?? throw new InvalidInputException("slice-all-missing", $"Run {candidate.RunId} was evaluated on {input.Slices.Count} slices, but not on '{SliceFinder.All}': there is nothing to hold against the gate.");
        var evaluation = new Evaluation(candidate.RunId, candidate.Trial, plan.Data, [.. input.Slices.Select(s => s.Candidate)], candidate.Champion,
            [.. input.Slices.Select(s => s.Champion).OfType<SliceResult>()], all.Difference, all.ChampionNote);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(evaluation, TriOpsJson.Options);
        var id = ContentId.OfBytes(bytes);
        await blobs.WriteAsync(ModelPaths.Evaluation(id), bytes, WriteMode.IfAbsent, ct);
        return new(candidate, id, Gate.Decide(plan.Spec.Gate, evaluation));
    }
}
