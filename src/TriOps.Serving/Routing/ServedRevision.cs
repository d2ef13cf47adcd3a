using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Serving.Predictions;

namespace TriOps.Serving.Routing;

/// <summary>A revision that is ready to score.</summary>
/// <param name="Deployment">Of which deployment.</param>
/// <param name="Number">The revision's.</param>
/// <param name="Version">The model version.</param>
/// <param name="Scorer">Its loaded model.</param>
public sealed record ServedRevision(DeploymentRef Deployment, int Number, ModelVersion Version, IScorer Scorer)
{
    /// <summary>What the model takes and gives.</summary>
    public TableSignature Signature => Version.Artifacts.Signature.Table;

    /// <summary>Finds columns by name.</summary>
    internal ColumnIndex Columns { get; } = new(Version.Artifacts.Signature.Table);

    /// <summary>Class names, ready for JSON.</summary>
    internal AnswerShape Shape { get; } = new(Version.Artifacts.Signature.Table);
}
