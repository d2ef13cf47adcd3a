namespace TriOps.Core.Deployments;

/// <summary>Names a revision.</summary>
public sealed record RevisionRef(DeploymentRef Deployment, int Number);
