using System.Text.Json.Serialization;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;

namespace TriOps.Core.Monitoring;

/// <summary>What a model version's training rows looked like: up to 10,000 of them, sampled uniformly, and its outputs on them.</summary>
/// <param name="Version">Of the format: 1.</param>
/// <param name="Signature">Names the columns.</param>
/// <param name="Rows">The sample.</param>
/// <param name="Outputs">The model's outputs on it: row-major.</param>
public sealed record Baseline(int Version, TableSignature Signature, FeatureRows Rows, float[] Outputs);

/// <summary>What a deployment was asked in a stretch of time.</summary>
/// <param name="Id">{from:yyyyMMddTHHmmssZ}-{to:yyyyMMddTHHmmssZ}</param>
/// <param name="Deployment">Which.</param>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="ModelVersion">The version whose baseline it is held against: the active one.</param>
/// <param name="Rows">Predictions of that version in it.</param>
/// <param name="Labelled">How many have feedback; an estimate in windows of more labels than are sampled.</param>
/// <param name="Report">inference-log/windows/{id}.json: the <see cref="DriftReport"/>; null when there were too few rows.</param>
/// <param name="Drifted">The report's verdict.</param>
/// <param name="CreatedAt">When it was closed.</param>
public sealed record Window(string Id, DeploymentRef Deployment, DateTimeOffset From, DateTimeOffset To, int ModelVersion, int Rows,
    int Labelled, ContentId? Report, bool Drifted, DateTimeOffset CreatedAt)
{
    /// <summary>The window in the lineage graph: {project}/{deployment}:{id}.</summary>
    [JsonIgnore]
    public LineageNode Node => new("window", $"{Deployment}:{Id}");
}

/// <summary>Window against baseline, column by column.</summary>
/// <param name="Columns">Most moved first; the outputs count as columns named "output:{class}".</param>
/// <param name="Rows">Rows in the window.</param>
/// <param name="BaselineRows">Rows in the baseline sample.</param>
/// <param name="Drifted">Whether enough columns moved.</param>
/// <param name="Quality">Accuracy-like metrics on the labelled rows, by name; empty without labels.</param>
public sealed record DriftReport(IReadOnlyList<ColumnDrift> Columns, int Rows, int BaselineRows, bool Drifted,
    IReadOnlyDictionary<string, double> Quality)
{
    /// <summary>How many of the window's rows were compared, when they were too many to compare all: a uniform sample. Null: all.</summary>
    public int? Sampled { get; init; }
}

/// <summary>One column's movement.</summary>
/// <param name="Column">Which.</param>
/// <param name="Kind">Number or Category.</param>
/// <param name="Psi">Population stability index over the baseline's deciles or categories (nats-like, ≥ 0).</param>
/// <param name="Statistic">Kolmogorov–Smirnov D for numbers, chi-square for categories.</param>
/// <param name="PValue">Holm-corrected over the columns.</param>
/// <param name="Distance">Wasserstein-1 in baseline standard deviations for numbers; total variation for categories.</param>
/// <param name="Before">Baseline mean, or share of the most grown category.</param>
/// <param name="After">The window's.</param>
/// <param name="MissingBefore">Share without a value, 0..1.</param>
/// <param name="MissingAfter">The window's.</param>
/// <param name="Moved">PSI above the threshold and p-value at or below the significance.</param>
/// <param name="Message">"mean_radius: mean 14.1 → 19.8 (+1.6 sd)".</param>
public sealed record ColumnDrift(string Column, ColumnKind Kind, double Psi, double Statistic, double PValue, double Distance,
    double Before, double After,
    double MissingBefore, double MissingAfter, bool Moved, string Message);

/// <summary>What needs a person's eye.</summary>
/// <param name="Id">{time}-{deployment}-{kind}; sortable.</param>
/// <param name="Deployment">Where.</param>
/// <param name="Kind">"drift".</param>
/// <param name="Message">What happened.</param>
/// <param name="WindowId">The window.</param>
/// <param name="At">When.</param>
/// <param name="Action">What was done, for people: "retraining started", "cool-down until …".</param>
/// <param name="Response">What was done; null in alerts of older versions, from which no cool-down counts.</param>
public sealed record Alert(string Id, DeploymentRef Deployment, string Kind, string Message, string WindowId, DateTimeOffset At,
    string Action, ResponseKind? Response = null);
