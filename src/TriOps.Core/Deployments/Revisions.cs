using TriOps.Core.Governance;

namespace TriOps.Core.Deployments;

/// <summary>How a deployment's revisions change. Each change is a pure step from one document to the next, so that it is written whole or
/// not at all: the traffic always sums to 100 once a revision is active. A change that is made already changes nothing, so that a repeated
/// step finds the time of the first.</summary>
public static class Revisions
{
    /// <summary>Most revisions a deployment keeps.</summary>
    public const int Kept = 50;

    /// <summary>The revision.</summary>
    /// <exception cref="NotFoundException">There is none of that number (code revision-missing).</exception>
    public static Revision Get(this Deployment deployment, int number) => deployment.Revisions.FirstOrDefault(r => r.Number == number)
        ?? throw new NotFoundException("revision-missing",
        $"{deployment.Project}/{deployment.Name} has no revision {number}. It keeps "
        + $"{string.Join(", ", deployment.Revisions.Select(r => r.Number))}.");

    /// <summary>The revision, while it may still become active.</summary>
    /// <exception cref="ConflictException">It was taken out or replaced (code revision-ended).</exception>
    public static Revision GetOpen(this Deployment deployment, int number)
    {
        var revision = deployment.Get(number);
        return revision.State is not (RevisionState.RolledBack or RevisionState.Retired) ? revision
            : throw new ConflictException("revision-ended",
            $"Revision {number} of {deployment.Project}/{deployment.Name} is {revision.State}: {revision.Reason ?? "no reason was noted"} "
            + $"Deploy {revision.Version} again to bring it back.");
    }

    /// <summary>Adds a revision without traffic. One that is still on its way is superseded: it is rolled back, and its traffic returns to
    /// the active one.</summary>
    public static Deployment Add(this Deployment deployment, Revision revision)
    {
        var superseded = deployment.Revisions.Where(r => r.State is RevisionState.Created or RevisionState.Canary)
            .Select(r => r.Number).ToList();
        foreach (var number in superseded)
            deployment = deployment.TakeOut(number, $"Superseded by revision {revision.Number}.", revision.CreatedAt);
        var kept = deployment.Revisions.Where((r, i) => r.State == RevisionState.Active || i > deployment.Revisions.Count - Kept);
        return deployment with { Revisions = [.. kept, revision] };
    }

    /// <summary>Gives a revision a share of the traffic and leaves the rest to the active one; all of it when none is active.</summary>
    /// <exception cref="ConflictException">It was taken out or replaced (code revision-ended).</exception>
    public static Deployment Shift(this Deployment deployment, int number, int percent, DateTimeOffset at)
    {
        if (deployment.GetOpen(number).State == RevisionState.Active) return deployment;
        var active = deployment.Active;
        return deployment.Change(number, at, r => r.Number == number
            ? r with { State = RevisionState.Canary, Traffic = active is null ? 100 : percent }
            : r.Number == active?.Number ? r with { Traffic = 100 - percent } : r);
    }

    /// <summary>Makes a revision the active one, with all traffic; the one before it retires.</summary>
    /// <exception cref="ConflictException">It was taken out or replaced (code revision-ended).</exception>
    public static Deployment Activate(this Deployment deployment, int number, DateTimeOffset at) =>
        deployment.GetOpen(number).State == RevisionState.Active ? deployment
        : deployment.Change(number, at, r => r.Number == number ? r with { State = RevisionState.Active, Traffic = 100 }
            : r.State == RevisionState.Active ? r with { State = RevisionState.Retired, Traffic = 0, Reason = Replaced(number) }
            : r with { Traffic = 0 });

    /// <summary>Takes a revision out. The active one gets all traffic; if the revision itself was active, the one it replaced is active
    /// again.</summary>
    public static Deployment TakeOut(this Deployment deployment, int number, string reason, DateTimeOffset at)
    {
        var revision = deployment.Get(number);
        if (revision.State is RevisionState.RolledBack or RevisionState.Retired) return deployment;
        var successor = revision.State == RevisionState.Active ? deployment.ReplacedBy(number) : deployment.Active;
        return deployment.Change(number, at, r => r.Number == number
            ? r with { State = RevisionState.RolledBack, Traffic = 0, Reason = reason }
            : r.Number == successor?.Number ? r with { State = RevisionState.Active, Traffic = 100, Reason = null }
            : r with { Traffic = 0 });
    }

    /// <summary>The revision that <paramref name="number"/> took the place of, or null.</summary>
    public static Revision? ReplacedBy(this Deployment deployment, int number) =>
        deployment.Revisions.LastOrDefault(r => r.Reason == Replaced(number));

    /// <summary>The revision in the lineage graph.</summary>
    public static LineageNode Node(this RevisionRef revision) => new("deployment-revision", $"{revision.Deployment}:{revision.Number}");

    /// <summary>The traffic that another revision's canary takes or gives back leaves a revision's own time as it is.</summary>
    private static Deployment Change(this Deployment deployment, int number, DateTimeOffset at, Func<Revision, Revision> change)
    {
        var changed = deployment.Revisions.Select(r => change(r) is var next && (r.Number == number ? next != r : next.State != r.State)
            ? next with { ChangedAt = at } : next).ToList();
        return changed.SequenceEqual(deployment.Revisions) ? deployment : deployment with { Revisions = changed, UpdatedAt = at };
    }

    private static string Replaced(int number) => $"Replaced by revision {number}.";
}
