using TriOps.Core.Families;
using TriOps.Core.Names;

namespace TriOps.Core.Projects;

/// <summary>What triops.yaml says. <see cref="ProjectFileParser"/> reads it, checks it and reports every mistake with its line.</summary>
/// <param name="Version">Of the format: 1.</param>
/// <param name="Project">The project's name.</param>
/// <param name="Datasets">By name.</param>
/// <param name="Pipelines">By name.</param>
/// <param name="Description">For people.</param>
public sealed record ProjectFile(int Version, ProjectName Project, IReadOnlyDictionary<DatasetName, DatasetSpec> Datasets,
    IReadOnlyDictionary<PipelineName, PipelineSpec> Pipelines, string? Description = null);

/// <summary>A dataset: the files in inbox/{project}/{dataset}/ together; each upload makes a version of which it is one file.</summary>
/// <param name="Quality">Rules a version must pass, or it is quarantined.</param>
/// <param name="Privacy">What must not be in it.</param>
/// <param name="Types">Column kinds that overrule what is inferred.</param>
/// <param name="MissingValues">Texts that mean "no value", besides the empty field.</param>
public sealed record DatasetSpec(QualitySpec Quality, PrivacySpec Privacy, IReadOnlyDictionary<string, Datasets.ColumnKind> Types,
    IReadOnlyList<string> MissingValues);

/// <summary>Quality rules.</summary>
/// <param name="MinRows">Fewest rows; 1 by default.</param>
/// <param name="MaxMissing">Largest share (0..1) of missing values in any column; 1 (no limit) by default.</param>
/// <param name="MaxDuplicateRows">Largest share (0..1) of rows that repeat an earlier one; 1 by default.</param>
/// <param name="Required">Columns that must exist.</param>
/// <param name="Columns">Rules by column.</param>
public sealed record QualitySpec(long MinRows = 1, double MaxMissing = 1, double MaxDuplicateRows = 1,
    IReadOnlyList<string>? Required = null,
    IReadOnlyDictionary<string, ColumnRule>? Columns = null);

/// <summary>Rules for one column; null: no rule.</summary>
/// <param name="Min">Smallest value allowed.</param>
/// <param name="Max">Largest value allowed.</param>
/// <param name="MaxMissing">Largest share (0..1) of missing values.</param>
/// <param name="Allowed">The only values allowed.</param>
/// <param name="Unique">No value twice.</param>
public sealed record ColumnRule(double? Min = null, double? Max = null, double? MaxMissing = null, IReadOnlyList<string>? Allowed = null,
    bool Unique = false);

/// <summary>Personal data that quarantines a version.</summary>
/// <param name="Deny">Kinds looked for in column values: email, phone, credit-card, iban, ip-address.</param>
/// <param name="Allow">Columns that are not looked at.</param>
public sealed record PrivacySpec(IReadOnlyList<string> Deny, IReadOnlyList<string> Allow);

/// <summary>A pipeline: from a dataset's versions to a deployed, watched model.</summary>
/// <param name="Dataset">The dataset it listens to.</param>
/// <param name="Task">What is predicted.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Positive">The positive class of a binary task.</param>
/// <param name="Exclude">Columns that are no features (identifiers).</param>
/// <param name="Model">The registered model's name; the pipeline's name by default.</param>
/// <param name="Split">How rows are divided.</param>
/// <param name="Search">What is tried.</param>
/// <param name="Evaluation">What is measured on the test rows.</param>
/// <param name="Gate">What must hold before a version may be deployed.</param>
/// <param name="Deploy">Where it goes, or null.</param>
/// <param name="Compute">On which kind of machine its jobs run; null: <see cref="ProfileName.Default"/>.</param>
public sealed record PipelineSpec(DatasetName Dataset, TaskKind Task, string Label, string? Positive, IReadOnlyList<string> Exclude,
    ModelName Model,
    SplitSpec Split, SearchSpec Search, EvaluationSpec Evaluation, GateSpec Gate, DeploySpec? Deploy, ProfileName? Compute = null);

/// <summary>Shares of the rows; they sum to 1. A row's part depends on its content and the seed alone, so it stays where it is in later
/// versions.</summary>
public sealed record SplitSpec(double Train = 0.6, double Validation = 0.2, double Test = 0.2, int Seed = 7);

/// <summary>The search.</summary>
/// <param name="Trials">How many trials in all.</param>
/// <param name="Parallel">How many at once.</param>
/// <param name="Families">Of <see cref="ModelFamily"/>.</param>
/// <param name="Objective">A metric's name; null: the task's default.</param>
/// <param name="TrialTimeout">Longest a trial may take.</param>
/// <param name="Seed">Of the sampler and the trainers.</param>
public sealed record SearchSpec(int Trials, int Parallel, IReadOnlyList<ModelFamily> Families, string? Objective,
    TimeSpan TrialTimeout, int Seed = 7);

/// <summary>What is measured.</summary>
/// <param name="Slices">Columns whose values (categories, or quartiles of numbers) each form a slice.</param>
/// <param name="Confidence">Of the intervals, 0.95 by default.</param>
public sealed record EvaluationSpec(IReadOnlyList<string> Slices, double Confidence = 0.95);

/// <summary>The gate.</summary>
/// <param name="Min">Smallest value by metric.</param>
/// <param name="Max">Largest value by metric (log_loss, rmse).</param>
/// <param name="SliceMin">Smallest value by metric in any slice of 30 rows or more.</param>
/// <param name="Champion">Comparison with the champion; null: none.</param>
public sealed record GateSpec(IReadOnlyDictionary<string, double> Min, IReadOnlyDictionary<string, double> Max,
    IReadOnlyDictionary<string, double> SliceMin, ChampionRule? Champion);

/// <summary>The candidate must not be worse than the champion by more than <paramref name="Margin"/> in <paramref name="Metric"/> on the
/// same test rows; a negative margin demands an improvement.</summary>
public sealed record ChampionRule(string Metric, double Margin = 0);

/// <summary>Where a passed version goes.</summary>
/// <param name="Name">The deployment.</param>
/// <param name="Strategy">How traffic moves.</param>
/// <param name="Steps">Canary percentages, ascending, below 100.</param>
/// <param name="Hold">How long each step lasts.</param>
/// <param name="Approval">How long to wait for a person; null: no approval is asked.</param>
/// <param name="Health">What makes a canary roll back.</param>
/// <param name="Monitor">What is watched.</param>
/// <param name="ApprovedByOther">Whoever asked for the deployment may not approve it himself: it takes two.</param>
public sealed record DeploySpec(DeploymentName Name, Strategy Strategy, IReadOnlyList<int> Steps, TimeSpan Hold, TimeSpan? Approval,
    HealthSpec Health, MonitorSpec Monitor, bool ApprovedByOther = false);

/// <summary>A canary's health: its errors and its latency beside the revision it is to replace.</summary>
/// <param name="MaxErrorRate">0..1; 0.02 by default.</param>
/// <param name="MaxLatencyRatio">p95 against the old revision's p95; 2 by default.</param>
/// <param name="MinRequests">Below this, no judgement: the step passes on its smoke test.</param>
public sealed record HealthSpec(double MaxErrorRate = 0.02, double MaxLatencyRatio = 2, int MinRequests = 20);

/// <summary>What is watched in a deployment.</summary>
/// <param name="Schedule">Standard cron, five fields, UTC.</param>
/// <param name="MinRows">A window with fewer rows is not judged.</param>
/// <param name="Threshold">Population stability index above which a column has moved; 0.2 by default.</param>
/// <param name="Significance">Largest p-value (after Holm's correction over the columns) at which a shift counts; 0.01 by default.</param>
/// <param name="Share">Share of columns that must have moved for an alert; any column when 0.</param>
/// <param name="Retrain">What follows an alert.</param>
public sealed record MonitorSpec(string Schedule, int MinRows, double Threshold, double Significance, double Share, RetrainSpec Retrain);

/// <summary>Retraining after drift.</summary>
/// <param name="OnDrift">Whether at all.</param>
/// <param name="Cooldown">At least this long between two that the schedule leads to. A check that somebody asks for does not wait.</param>
/// <param name="MinLabels">With at least this many labelled predictions in the window, they become part of the next dataset
/// version.</param>
public sealed record RetrainSpec(bool OnDrift, TimeSpan Cooldown, int MinLabels);

/// <summary>A registered project: its file as last applied.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">The parsed file.</param>
/// <param name="Yaml">The text as given.</param>
/// <param name="Revision">1, 2, … with every change.</param>
/// <param name="CreatedAt">Of the first revision.</param>
/// <param name="UpdatedAt">Of this one.</param>
public sealed record Project(ProjectName Name, ProjectFile File, string Yaml, int Revision, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
