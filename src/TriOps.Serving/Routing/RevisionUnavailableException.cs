using TriOps.Core;
using TriOps.Core.Deployments;

namespace TriOps.Serving.Routing;

/// <summary>A revision takes traffic, but its model cannot be loaded: not the client's fault, and tried again with every reading of the
/// deployment.</summary>
public sealed class RevisionUnavailableException(DeploymentRef deployment, Revision revision, Exception cause)
    : TriOpsException("model-unavailable",
    $"Revision {revision.Number} of {deployment} serves {revision.Version}, which cannot be loaded. It is tried again every second; the "
    + $"server's log says why.", cause)
{
    /// <summary>Of which deployment.</summary>
    public DeploymentRef Deployment { get; } = deployment;

    /// <summary>Which revision.</summary>
    public Revision Revision { get; } = revision;
}
