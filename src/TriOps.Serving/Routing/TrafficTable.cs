using TriOps.Core;
using TriOps.Core.Deployments;

namespace TriOps.Serving.Routing;

/// <summary>A deployment as it was read, with its revisions' shares of the traffic cumulated. Immutable.</summary>
internal sealed class TrafficTable
{
    private readonly Revision[] shares;
    private readonly int[] upTo;

    public TrafficTable(Deployment deployment, IReadOnlyDictionary<int, Task<ServedRevision>> loaded)
    {
        (Deployment, Loaded) = (deployment, loaded);
        shares = [.. Taking(deployment)];
        upTo = new int[shares.Length];
        for (var i = 0; i < shares.Length; i++) upTo[i] = (i == 0 ? 0 : upTo[i - 1]) + shares[i].Traffic;
    }

    public Deployment Deployment { get; }

    /// <summary>Models that were opened for this table, by revision; a failed task says why one could not be.</summary>
    public IReadOnlyDictionary<int, Task<ServedRevision>> Loaded { get; }

    /// <summary>The revisions that take traffic.</summary>
    public static IEnumerable<Revision> Taking(Deployment deployment) =>
        deployment.Revisions.Where(r => r.Traffic > 0 && r.State is (RevisionState.Active or RevisionState.Canary));

    /// <summary>The revision whose share holds <paramref name="point"/>.</summary>
    /// <param name="point">Uniform in [0, 1).</param>
    /// <exception cref="ConflictException">No revision takes traffic (code deployment-not-serving).</exception>
    public Revision Choose(double point)
    {
        if (shares.Length == 1) return shares[0];
        if (shares.Length == 0)
            throw new ConflictException("deployment-not-serving",
                $"Deployment {Deployment.Project}/{Deployment.Name} has no revision with traffic. Wait until one is promoted, or deploy a "
                + $"version: triops deploy MODEL:VERSION.");
        var at = point * upTo[^1];
        var i = 0;
        while (i < upTo.Length - 1 && at >= upTo[i]) i++;
        return shares[i];
    }
}
