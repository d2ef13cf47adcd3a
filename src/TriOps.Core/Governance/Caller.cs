using TriOps.Core.Names;

namespace TriOps.Core.Governance;

/// <summary>Who asks, and what he may do. Made where requests come in, and nowhere from what a request's body says.</summary>
/// <param name="Name">For the audit log: "ada@example.org", "key:ci", "local".</param>
/// <param name="Grants">What he was given.</param>
public sealed record Caller(string Name, IReadOnlyList<Grant> Grants)
{
    /// <summary>Whoever sits at the machine of a host that answers loopback alone and has no key.</summary>
    public static Caller Local { get; } = new("local", Grant.Everything);

    /// <summary>Whether he holds the role on a project; on all of them for null.</summary>
    public bool May(Role role, ProjectName? project)
    {
        foreach (var grant in Grants)
            if (grant.Holds(role) && (grant.Project is null || grant.Project == project)) return true;
        return false;
    }

    /// <summary>Whether he holds the role on some project.</summary>
    public bool MaySomewhere(Role role) => Grants.Any(g => g.Holds(role));

    /// <summary>Refuses what he may not do.</summary>
    /// <param name="role">What it takes.</param>
    /// <param name="project">Where; null: on every project.</param>
    /// <exception cref="ForbiddenException">He does not hold the role there (code role-missing).</exception>
    public void Demand(Role role, ProjectName? project)
    {
        if (!May(role, project)) throw Lacks(role, project is { } one ? $"on project '{one}'" : "on all projects");
    }

    /// <summary>Refuses who holds a role on no project at all.</summary>
    /// <exception cref="ForbiddenException">So (code role-missing).</exception>
    public void DemandSomewhere(Role role)
    {
        if (!MaySomewhere(role)) throw Lacks(role, "on a project");
    }

    private ForbiddenException Lacks(Role role, string where) => new("role-missing",
        $"This wants the role {role.ToString().ToLowerInvariant()} {where}; '{Name}' has "
        + $"{(Grants.Count == 0 ? "no role" : string.Join(", ", Grants))}. Whoever runs TriOps gives roles: docs/azure.md, \"Who "
        + $"may do what\".");
}
