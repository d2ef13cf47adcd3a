using System.Globalization;
using System.Text;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Experiments;

/// <summary>Registers the candidate, approved or rejected as its gate decided, with baseline, model card, lineage and audit. A run registers one
/// version, however often this runs.</summary>
public sealed class RegisterModel(RunLog runs, DatasetCatalog datasets, TabularReader tables, IBlobs blobs, IScorers scorers, ModelRegistry registry, LineageGraph lineage, AuditLog audit, TimeProvider time)
    : IActivity<GatedCandidate, RegisteredModel>
{
    /// <inheritdoc/>
    public static ActivityName<GatedCandidate, RegisteredModel> Name => TrainSteps.Register;

    /// <inheritdoc/>
    public async Task<RegisteredModel> Run(GatedCandidate input, CancellationToken ct)
    {
        var candidate = input.Candidate;
        var run = await runs.GetAsync(candidate.RunId, ct);
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(candidate.Plan), ct);
        var evaluation = await blobs.ReadJsonAsync<Evaluation>(ModelPaths.Evaluation(input.Evaluation), ct);
        var trials = await runs.TrialsAsync(run.Id, ct);
        var artifacts = trials.FirstOrDefault(t => t.Number == candidate.Trial)?.Artifacts
            ?? throw new NotFoundException("trial-missing", $"Trial {candidate.Trial} of run {run.Id} has no model to register.");

        var baseline = await StoreBaseline(plan, artifacts, ct);
        var (trial, model) = (trials.First(t => t.Number == candidate.Trial), plan.Spec.Model);
        var version = await registry.RegisterAsync(run.Project, model, run.Id, number => new(run.Project, model, number, input.Verdict.Passed ? ModelStatus.Approved : ModelStatus.Rejected,
            run.Id, trial.Number, trial.Family, plan.Data, artifacts, input.Evaluation, evaluation.Slices.First(s => s.Slice == SliceFinder.All).Metrics, input.Verdict,
            baseline, ModelPaths.Card(new(run.Project, model, number)).ToString(), time.GetUtcNow()), ct);

        var card = ModelCard.Write(new(version, run, plan, await datasets.GetAsync(plan.Data, ct), trials, evaluation));
        await blobs.WriteAsync(ModelPaths.Card(version.Ref), Encoding.UTF8.GetBytes(card), WriteMode.Replace, ct);
        await Record(version, ct);
        return new(version.Ref, version.Gate);
    }

    private async Task<ContentId> StoreBaseline(TrainingPlan plan, TrialArtifacts artifacts, CancellationToken ct)
    {
        var signature = artifacts.Signature;
        var train = await tables.ReadAsync(plan.Manifest, plan, ct, Part.Train);
        var scorer = await scorers.OpenAsync(artifacts.Onnx, signature, ct);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(BaselineBuilder.Build(signature, train.Rows, scorer.Score, plan.Spec.Split.Seed), TriOpsJson.Options);
        var id = ContentId.OfBytes(bytes);
        await blobs.WriteAsync(ModelPaths.Baseline(id), bytes, WriteMode.IfAbsent, ct);
        return id;
    }

    private async Task Record(ModelVersion version, CancellationToken ct)
    {
        var node = new LineageNode("model-version", version.Ref.ToString());
        await lineage.LinkAsync(new("run", version.RunId), node, "produced", ct);
        await lineage.LinkAsync(node, new("evaluation", version.Evaluation.Hex), "evaluated-as", ct);
        await audit.WriteAsync($"workflow {version.RunId}", "model.register", version.Ref.ToString(), new Dictionary<string, string>
        {
            ["status"] = version.Status.ToString(), ["trial"] = version.Trial.ToString(CultureInfo.InvariantCulture), ["onnx"] = version.Artifacts.Onnx.Hex,
            ["gate"] = string.Join(" ", version.Gate.Checks.Where(c => !c.Passed).Select(c => c.Message)),
        }, ct, version.CreatedAt);
    }
}
