using System.Globalization;
using System.Text;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Data.Tables;

namespace TriOps.Activities.Experiments;

/// <summary>Asks the gate, registers the candidate, approved or rejected, with baseline, model card, lineage and audit, and closes the run.
/// A run registers one version, however often this runs.</summary>
public sealed class RegisterModel(RunLog runs, RunCloser closer, DatasetCatalog datasets, IBlobs blobs, BaselineOfTrial baselines,
    ModelRegistry registry, LineageGraph lineage, AuditLog audit, TimeProvider time)
    : IActivity<EvaluatedCandidate, RegisteredModel>
{
    /// <inheritdoc/>
    public static ActivityName<EvaluatedCandidate, RegisteredModel> Name => ReleaseSteps.Register;

    /// <inheritdoc/>
    public async Task<RegisteredModel> Run(EvaluatedCandidate input, CancellationToken ct)
    {
        var candidate = input.Candidate;
        var run = await runs.GetAsync(candidate.RunId, ct);
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(candidate.Plan), ct);
        var evaluation = await blobs.ReadJsonAsync<Evaluation>(ModelPaths.Evaluation(input.Evaluation), ct);
        var trials = await runs.TrialsAsync(run.Id, ct);
        var trial = trials.FirstOrDefault(t => t.Number == candidate.Trial);
        if (trial?.Artifacts is not { } artifacts)
            throw new NotFoundException("trial-missing", $"Trial {candidate.Trial} of run {run.Id} has no model to register.");

        var verdict = Gate.Decide(plan.Spec.Gate, evaluation);
        var baseline = await baselines.GetAsync(plan, artifacts, ct);
        var model = plan.Spec.Model;
        var version =
            await registry.RegisterAsync(run.Project, model, run.Id,
            number => new(run.Project, model, number, verdict.Passed ? ModelStatus.Approved : ModelStatus.Rejected,
            run.Id, trial.Number, trial.Family, plan.Data, artifacts, input.Evaluation,
            evaluation.Slices.First(s => s.Slice == SliceResult.All).Metrics, verdict,
            baseline, ModelPaths.Card(new(run.Project, model, number)).ToString(), time.GetUtcNow()), ct);

        var card = ModelCard.Write(new(version, run, plan, await datasets.GetAsync(plan.Data, ct), trials, evaluation));
        await blobs.WriteAsync(ModelPaths.Card(version.Ref), Encoding.UTF8.GetBytes(card), WriteMode.Replace, ct);
        await Record(version, ct);
        await closer.CloseAsync(new(run.Id, RunStatus.Completed, version.Number, null), ct);
        return new(version.Ref, version.Gate);
    }

    private async Task Record(ModelVersion version, CancellationToken ct)
    {
        var node = new LineageNode("model-version", version.Ref.ToString());
        await lineage.LinkAsync(new("run", version.RunId), node, "produced", ct);
        await lineage.LinkAsync(node, new("evaluation", version.Evaluation.Hex), "evaluated-as", ct);
        await audit.WriteAsync($"workflow {version.RunId}", "model.register", version.Ref.ToString(), new Dictionary<string, string>
        {
            ["status"] = version.Status.ToString(), ["trial"] = version.Trial.ToString(CultureInfo.InvariantCulture),
                ["onnx"] = version.Artifacts.Files.Graph.Id.Hex,
            ["gate"] = string.Join(" ", version.Gate.Checks.Where(c => !c.Passed).Select(c => c.Message)),
        }, ct, version.CreatedAt);
    }
}
