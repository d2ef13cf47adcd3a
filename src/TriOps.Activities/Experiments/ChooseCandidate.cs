using TriOps.Core;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Experiments;

/// <summary>Chooses the best completed trial whose exported graph reproduces the trainer's outputs, and names the champion it is held
/// against. A better trial that fails the check is recorded as failed.</summary>
public sealed class ChooseCandidate(RunLog runs, IBlobs blobs, ModelRegistry registry, ReferenceCheck check)
    : IActivity<ChooseRequest, Candidate>
{
    /// <inheritdoc/>
    public static ActivityName<ChooseRequest, Candidate> Name => ReleaseSteps.Choose;

    /// <inheritdoc/>
    public async Task<Candidate> Run(ChooseRequest input, CancellationToken ct)
    {
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(input.Plan), ct);
        var run = await runs.GetAsync(input.RunId, ct);
        var best = await Best(input.RunId, plan, ct);
        await runs.UpdateAsync(input.RunId, r => r with { BestTrial = best.Number }, ct);
        var champion = await registry.FindByAliasAsync(run.Project, plan.Spec.Model, Aliases.Champion, ct);
        return new(input.RunId, input.Plan, best.Number, champion?.Number);
    }

    private async Task<Trial> Best(string runId, TrainingPlan plan, CancellationToken ct)
    {
        foreach (var trial in TrialRanking.BestFirst(plan, await runs.TrialsAsync(runId, ct)))
        {
            var fault = await check.FaultOf(trial.Artifacts!, ct);
            if (fault is null) return trial;
            await runs.UpdateTrialAsync(runId, trial.Number, t => t with { Status = RunStatus.Failed, Error = fault }, ct);
        }
        var errors = (await runs.TrialsAsync(runId, ct))
            .Select(t => $"Trial {t.Number} ({t.Family}): {t.Error ?? $"ended as {t.Status} without a model"}");
        throw new InvalidInputException("no-candidate",
            $"None of the run's trials left a model that can be registered. {string.Join(" ", errors)}");
    }
}
