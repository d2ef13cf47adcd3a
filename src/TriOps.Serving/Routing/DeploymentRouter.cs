using System.Collections.Concurrent;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Models;

namespace TriOps.Serving.Routing;

/// <summary>From a deployment's name to the revision that answers. Deployments are read again when they are a second old, in the background
/// and once however many ask; while storage is away, what was read last goes on serving. Thread-safe.</summary>
public sealed class DeploymentRouter(DeploymentTable deployments, ModelRegistry models, IScorers scorers, IRevisionChooser chooser,
    ServingOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<DeploymentRef, CachedDeployment> cache = new();

    /// <summary>The revision that answers a request.</summary>
    /// <param name="deployment">Which deployment.</param>
    /// <param name="requestId">The client's id for the request, or null; one id always meets one revision as long as the traffic
    /// stands.</param>
    /// <param name="ct">Cancels the wait, not the work others wait for.</param>
    /// <exception cref="NotFoundException">There is no such deployment.</exception>
    /// <exception cref="ConflictException">No revision takes traffic (code deployment-not-serving).</exception>
    /// <exception cref="RevisionUnavailableException">The chosen revision's model cannot be loaded.</exception>
    public ValueTask<ServedRevision> ChooseAsync(DeploymentRef deployment, string? requestId, CancellationToken ct)
    {
        var table = TableAsync(deployment, ct);
        return table.IsCompletedSuccessfully ? Serve(table.Result, requestId, ct) : Slow(table);
        async ValueTask<ServedRevision> Slow(ValueTask<TrafficTable> pending) => await Serve(await pending, requestId, ct);
    }

    /// <summary>The newest revision that serves a model version in a deployment.</summary>
    /// <exception cref="NotFoundException">There is no such deployment, or none of its live revisions has that version.</exception>
    public async ValueTask<ServedRevision> FindAsync(DeploymentRef deployment, int modelVersion, CancellationToken ct)
    {
        var table = await TableAsync(deployment, ct);
        var revision = TrafficTable.Taking(table.Deployment).LastOrDefault(r => r.Version.Number == modelVersion)
            ?? throw new NotFoundException("version-not-served",
            $"Deployment {deployment} does not serve version {modelVersion}. It serves: "
            + $"{string.Join(", ", TrafficTable.Taking(table.Deployment).Select(r => r.Version.Number))}.");
        return await Loaded(table, revision, ct);
    }

    /// <summary>The revisions that take traffic, oldest first.</summary>
    /// <exception cref="NotFoundException">There is no such deployment.</exception>
    public async ValueTask<IReadOnlyList<Revision>> ServingAsync(DeploymentRef deployment, CancellationToken ct) =>
        [.. TrafficTable.Taking((await TableAsync(deployment, ct)).Deployment)];

    private ValueTask<ServedRevision> Serve(TrafficTable table, string? requestId, CancellationToken ct) =>
        Loaded(table, table.Choose(chooser.Point(requestId)), ct);

    private static ValueTask<ServedRevision> Loaded(TrafficTable table, Revision revision, CancellationToken ct)
    {
        var loading = table.Loaded[revision.Number];
        return loading.IsCompletedSuccessfully ? new(loading.Result) : new(loading.WaitAsync(ct));
    }

    private ValueTask<TrafficTable> TableAsync(DeploymentRef name, CancellationToken ct)
    {
        if (!cache.TryGetValue(name, out var cached))
            cached = cache.GetOrAdd(name, new CachedDeployment(before => ReadAsync(name, before), options, time));
        var table = cached.GetAsync(ct);
        return table.IsCompletedSuccessfully ? table : Forgetting(table);
        async ValueTask<TrafficTable> Forgetting(ValueTask<TrafficTable> pending)
        {
            try { return await pending; }
            catch when (!cached.HasValue) { cache.TryRemove(new(name, cached)); throw; }
        }
    }

    // The new table is shown only when its models are loaded, or known not to load: a shift of traffic costs no request a cold start.
    private async Task<TrafficTable> ReadAsync(DeploymentRef name, TrafficTable? before)
    {
        var deployment = await deployments.GetAsync(name, CancellationToken.None);
        var loaded = new Dictionary<int, Task<ServedRevision>>();
        foreach (var revision in TrafficTable.Taking(deployment))
            loaded[revision.Number] = before is not null && before.Loaded.TryGetValue(revision.Number, out var known)
                && known.IsCompletedSuccessfully && known.Result.Version.Ref == revision.Version ? known : LoadAsync(name, revision);
        await ((Task)Task.WhenAll(loaded.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new TrafficTable(deployment, loaded);
    }

    private async Task<ServedRevision> LoadAsync(DeploymentRef name, Revision revision)
    {
        try
        {
            var version = await models.GetAsync(revision.Version, CancellationToken.None);
            var scorer = await scorers.OpenAsync(version.Artifacts.Files, version.Artifacts.Signature.Table, CancellationToken.None);
            return new ServedRevision(name, revision.Number, version, scorer);
        }
        catch (Exception e)
        {
            throw new RevisionUnavailableException(name, revision, e);
        }
    }
}
