namespace TriOps.Core.Projects;

/// <summary>What a project file demands before a version goes live, and whether the next file demands less: taking that away is itself a
/// decision.</summary>
public static class ApprovalRules
{
    /// <summary>Deployments for which <paramref name="next"/> asks nobody, or lets the same person ask and approve, where
    /// <paramref name="current"/> did not.</summary>
    public static IReadOnlyList<string> Loosened(ProjectFile current, ProjectFile next)
    {
        var after = Specs(next).ToLookup(d => d.Name);
        return [.. Specs(current)
            .Where(d => d.Approval is not null && !after[d.Name]
            .Any(n => n.Approval is not null && (n.ApprovedByOther || !d.ApprovedByOther))).Select(d => d.Name.Value)];
    }

    private static IEnumerable<DeploySpec> Specs(ProjectFile file) => file.Pipelines.Values.Select(p => p.Deploy).OfType<DeploySpec>();
}
