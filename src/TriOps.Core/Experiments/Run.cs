using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Families;
using TriOps.Core.Names;

namespace TriOps.Core.Experiments;

/// <summary>Why a run was started.</summary>
public enum RunReason { /// <summary>New data.</summary>
    Upload, /// <summary>Somebody asked.</summary>
    Manual, /// <summary>A window drifted.</summary>
    Drift }

/// <summary>Where a run or trial stands.</summary>
public enum RunStatus { /// <summary>Under way.</summary>
    Running, /// <summary>Ended with a candidate.</summary>
    Completed, /// <summary>Ended with an error.</summary>
    Failed, /// <summary>Stopped from outside.</summary>
    Cancelled }

/// <summary>One execution of a pipeline on one dataset version. Its id is its workflow's instance id.</summary>
/// <param name="Id">train-{project}-{pipeline}-…</param>
/// <param name="Project">Whose.</param>
/// <param name="Pipeline">Which.</param>
/// <param name="Data">What it learns from.</param>
/// <param name="Reason">Why.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ProjectRevision">Of the project file it follows; 0 until it is planned.</param>
/// <param name="Plan">Address of its <see cref="TrainingPlan"/>; null until it is planned.</param>
/// <param name="CreatedAt">Start.</param>
/// <param name="EndedAt">End.</param>
/// <param name="BestTrial">Number of the candidate.</param>
/// <param name="ModelVersion">Number of the version registered from it.</param>
/// <param name="DeviceSeconds">Of all its jobs, attempts that were lost included.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Cost">Price of all its jobs; null where the compute target has none.</param>
public sealed record Run(string Id, ProjectName Project, PipelineName Pipeline, DatasetVersionRef Data, RunReason Reason, RunStatus Status,
    int ProjectRevision,
    ContentId? Plan, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt = null, int? BestTrial = null, int? ModelVersion = null,
    double DeviceSeconds = 0, string? Error = null,
    Money? Cost = null);

/// <summary>Everything a run's jobs must agree on, fixed when it starts.</summary>
/// <param name="Data">The version.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Spec">The pipeline as it was.</param>
/// <param name="Features">Columns used, in order: numbers and booleans first, then categories.</param>
/// <param name="Classes">The label's values, in order (positive class last for a binary task); empty for regression.</param>
/// <param name="MissingValues">Texts that mean "no value".</param>
/// <param name="Objective">The metric searched for.</param>
/// <param name="Maximise">Whether more is better.</param>
/// <param name="Notes">What was left out, and why.</param>
public sealed record TrainingPlan(DatasetVersionRef Data, ContentId Manifest, Projects.PipelineSpec Spec, IReadOnlyList<Column> Features,
    IReadOnlyList<string> Classes,
    IReadOnlyList<string> MissingValues, string Objective, bool Maximise, IReadOnlyList<string> Notes);

/// <summary>One setting of family and hyperparameters, and what came of it.</summary>
/// <param name="RunId">Of which run.</param>
/// <param name="Number">0, 1, …</param>
/// <param name="Family">What was fitted.</param>
/// <param name="Parameters">Hyperparameters by name; integers as whole numbers, choices as their index.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="JobId">The job that ran it: also its workflow's instance id.</param>
/// <param name="Objective">On the validation rows.</param>
/// <param name="Metrics">On the validation rows, by name.</param>
/// <param name="Artifacts">What the trainer left.</param>
/// <param name="DeviceSeconds">Time on the compute target, in all attempts.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Cost">Price of that time; null where the compute target has none.</param>
public sealed record Trial(string RunId, int Number, ModelFamily Family, IReadOnlyDictionary<string, double> Parameters,
    RunStatus Status, string JobId,
    double? Objective = null, IReadOnlyDictionary<string, double>? Metrics = null, TrialArtifacts? Artifacts = null,
    double DeviceSeconds = 0, string? Error = null,
    Money? Cost = null);

/// <summary>A feature's share of the model's decisions, 0..1.</summary>
public sealed record FeatureImportance(string Feature, double Share);

/// <summary>A point of a metric's curve.</summary>
/// <param name="Key">The metric: "validation/auc", "train/loss".</param>
/// <param name="Step">Iteration or epoch.</param>
/// <param name="Value">May be NaN.</param>
/// <param name="At">When.</param>
public sealed record MetricPoint(string Key, long Step, double Value, DateTimeOffset At);
