using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Governance;
using TriOps.Core.Metrics;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Data.Csv;
using TriOps.Data.Tables;

namespace TriOps.Activities.Experiments;

/// <summary>Records the run, then fixes everything that its steps must agree on and stores it by its content. A run that was planned keeps
/// its plan, whatever the project file says by now; one that cannot be planned is there to be closed with the reason.</summary>
public sealed class PlanTraining(ProjectStore projects, DatasetCatalog datasets, TabularReader tables, IBlobs blobs, RunLog runs,
    LineageGraph lineage, AuditLog audit,
    IComputeTarget compute, TimeProvider time) : IActivity<PlanRequest, PlannedRun>
{
    /// <inheritdoc/>
    public static ActivityName<PlanRequest, PlannedRun> Name => TrainSteps.Plan;

    /// <inheritdoc/>
    /// <exception cref="ConflictException">The run was ended before it was planned (code run-ended).</exception>
    public async Task<PlannedRun> Run(PlanRequest input, CancellationToken ct)
    {
        var request = input.Request;
        var run = await runs.StartAsync(
            new(input.RunId, request.Project, request.Pipeline, request.Data, request.Reason, RunStatus.Running, ProjectRevision: 0,
            Plan: null, time.GetUtcNow()), ct);
        if (run.Plan is null && run.Status == RunStatus.Running) run = await PlanAsync(run, ct);
        if (run is not { Status: RunStatus.Running, Plan: { } planned })
            throw new ConflictException("run-ended",
                $"Run {run.Id} is {run.Status} and is not taken up again. {run.Error ?? ""} Start another one.");
        await lineage.LinkAsync(new("dataset-version", run.Data.ToString()), new("run", run.Id), "used-by", ct);
        if (request.Cause is { } cause) await lineage.LinkAsync(cause, new("run", run.Id), "retrained-by", ct);
        await audit.WriteAsync($"workflow {run.Id}", "run.start", run.Id, new Dictionary<string, string>
        {
            ["pipeline"] = $"{run.Project}/{run.Pipeline}", ["data"] = run.Data.ToString(), ["reason"] = run.Reason.ToString(),
                ["plan"] = planned.Hex,
        }, ct, run.CreatedAt);

        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(planned), ct);
        return new(run.Id, planned, plan.Spec.Search.Trials, Math.Min(plan.Spec.Search.Parallel, plan.Spec.Search.Trials),
            plan.Spec.Deploy);
    }

    private async Task<Run> PlanAsync(Run run, CancellationToken ct)
    {
        var project = await projects.GetAsync(run.Project, ct);
        if (!project.File.Pipelines.TryGetValue(run.Pipeline, out var spec))
            throw new NotFoundException("pipeline-missing",
                $"Project '{run.Project}' has no pipeline '{run.Pipeline}'. It has {string.Join(", ", project.File.Pipelines.Keys)}.");
        CheckRunId(run.Id, spec.Search.Trials);
        compute.RequireProfile(spec.Compute ?? ProfileName.Default);
        var plan = await Plan(run, project, spec, ct);
        var id = await blobs.StoreJsonAsync(ModelPaths.Plan, plan, ct);
        return await runs.UpdateAsync(run.Id, r => r is { Plan: null, Status: RunStatus.Running }
            ? r with { ProjectRevision = project.Revision, Plan = id } : r, ct);
    }

    private async Task<TrainingPlan> Plan(Run run, Project project, PipelineSpec spec, CancellationToken ct)
    {
        if (run.Data.Project != run.Project || run.Data.Dataset != spec.Dataset)
            throw new InvalidInputException("dataset-mismatch",
                $"Pipeline {run.Project}/{run.Pipeline} learns from {run.Project}/{spec.Dataset}, not from {run.Data}. Choose a version "
                + $"of that dataset.");
        var version = await datasets.GetAsync(run.Data, ct);
        if (version.Status is VersionStatus.Withdrawn or VersionStatus.Deleted)
            throw new InvalidInputException(
                "dataset-version-unused",
                $"{version.Ref} is {version.Status.ToString().ToLowerInvariant()} and never trained on. Choose another version of "
                + $"the dataset.");
        if (version.Status != VersionStatus.Committed)
            throw new InvalidInputException("dataset-quarantined",
                $"{version.Ref} is quarantined and never trained on: {string.Join(" ", version.Issues.Take(5).Select(i => i.Message))} "
                + $"Upload a corrected file.");

        var profile = await blobs.ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile(version.Profile), ct);
        var selection = FeatureSelection.Of(version.Ref, spec, profile);
        var objective = Objective(spec);
        var missing = project.File.Datasets.TryGetValue(spec.Dataset, out var dataset) ? dataset.MissingValues : [];
        var plan = new TrainingPlan(version.Ref, version.Manifest, spec, selection.Features, [], missing, objective.Name,
            objective.Maximise, selection.Notes);
        return plan with { Classes = await Classes(plan, ct) };
    }

    /// <summary>From the labels as the trainer will read them: a profile may spell values otherwise.</summary>
    private async Task<IReadOnlyList<string>> Classes(TrainingPlan plan, CancellationToken ct)
    {
        if (plan.Spec.Task == TaskKind.Regression) return [];
        var rows = await tables.ReadAsync(plan.Manifest, plan with { Features = [] }, ct);
        return LabelClasses.Of(plan.Data, plan.Spec, rows.Labels);
    }

    private static MetricDefinition Objective(PipelineSpec spec)
    {
        if (spec.Search.Objective is not { } name) return MetricCatalogue.DefaultObjective(spec.Task);
        return MetricCatalogue.Of(spec.Task).FirstOrDefault(m => m.Name == name)
            ?? throw new InvalidInputException("objective-unknown",
            $"A {spec.Task} pipeline cannot search for '{name}'. Its metrics are "
            + $"{string.Join(", ", MetricCatalogue.Of(spec.Task).Select(m => m.Name))}.");
    }

    private static void CheckRunId(string runId, int trials)
    {
        var longest = Math.Max(NextTrials.JobId(runId, trials).Length, ReleaseRequest.IdOf(runId).Length);
        if (longest > InstanceIds.MaxLength)
            throw new InvalidInputException("run-id-too-long",
                $"The run's id '{runId}' has {runId.Length} characters; with what its trials and its release add it must have at most "
                + $"{InstanceIds.MaxLength}.");
    }
}
