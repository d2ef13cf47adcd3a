using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;

namespace TriOps.Core.Models;

/// <summary>Held-out rows and the trainer's own outputs for them: what the exported graph must reproduce.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Outputs">Per row: class probabilities, or the one prediction.</param>
/// <param name="Tolerance">Largest absolute difference allowed.</param>
public sealed record ReferenceOutputs(FeatureRows Rows, IReadOnlyList<float[]> Outputs, float Tolerance);

/// <summary>Whether a version may be deployed.</summary>
public enum ModelStatus { /// <summary>Passed its gate.</summary>
    Approved, /// <summary>Refused by its gate; kept, with the reasons.</summary>
    Rejected }

/// <summary>A registered model version: immutable, but for the aliases that point at it.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Model">Of which model.</param>
/// <param name="Number">1, 2, …</param>
/// <param name="Status">Whether it may be deployed.</param>
/// <param name="RunId">The run it comes from.</param>
/// <param name="Trial">The trial within it.</param>
/// <param name="Family">What it is.</param>
/// <param name="Data">What it learned from.</param>
/// <param name="Artifacts">ONNX graph, signature, importance.</param>
/// <param name="Evaluation">models/evaluations/{id}.json: the <see cref="Evaluations.Evaluation"/>.</param>
/// <param name="Metrics">On the test rows, over all of them.</param>
/// <param name="Gate">The verdict.</param>
/// <param name="Baseline">models/baselines/{id}.json: what its training data looked like (<see cref="Monitoring.Baseline"/>).</param>
/// <param name="Card">Blob path of its model card (Markdown).</param>
/// <param name="CreatedAt">When it was registered.</param>
public sealed record ModelVersion(ProjectName Project, ModelName Model, int Number, ModelStatus Status, string RunId, int Trial,
    ModelFamily Family, DatasetVersionRef Data,
    TrialArtifacts Artifacts, ContentId Evaluation, IReadOnlyList<MetricEstimate> Metrics, GateVerdict Gate, ContentId Baseline,
    string Card, DateTimeOffset CreatedAt)
{
    /// <summary>{project}/{model}:{number}</summary>
    public ModelVersionRef Ref => new(Project, Model, Number);
}

/// <summary>Names a model version: {project}/{model}:{number}.</summary>
public sealed record ModelVersionRef(ProjectName Project, ModelName Model, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Project}/{Model}:{Number}";
}

/// <summary>The names that move from version to version.</summary>
public static class Aliases
{
    /// <summary>The version that serves.</summary>
    public const string Champion = "champion";
    /// <summary>The version that is being deployed.</summary>
    public const string Challenger = "challenger";
}

/// <summary>Opens ONNX models for scoring. Implemented by Serving; sessions are cached and shared.</summary>
public interface IScorers
{
    /// <summary>The scorer of a model's files.</summary>
    /// <exception cref="InvalidInputException">They are not a model that fits the signature (code model-invalid).</exception>
    Task<IScorer> OpenAsync(ModelFiles files, TableSignature signature, CancellationToken ct);
}

/// <summary>A loaded model. Thread-safe.</summary>
public interface IScorer
{
    /// <summary>Row-major outputs: rows × classes, or rows × 1 for regression.</summary>
    float[] Score(FeatureRows rows);
}
