using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Governance;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Governance;

public sealed class GovernanceTests
{
    private static readonly Dictionary<string, string> None = [];
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly AuditLog audit;
    private readonly LineageGraph graph;

    public GovernanceTests()
    {
        audit = new(new MemoryDocuments<AuditEvent>(time), time);
        graph = new(new MemoryDocuments<LineageEdge>(time), time);
    }

    [Fact]
    public async Task Audit_SeveralEvents_AreListedNewestFirst()
    {
        foreach (var action in (string[])["a", "b", "c"])
        {
            await audit.WriteAsync("api", action, "demo", None, default);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["c", "b", "a"], (await audit.ListAsync(new(), default)).Items.Select(e => e.Action));
    }

    [Fact]
    public async Task Audit_SameEventOfAKnownTimeTwice_LeavesOne()
    {
        var at = time.GetUtcNow();
        await audit.WriteAsync("workflow w", "model.register", "demo/m:1", None, default, at);
        time.Advance(TimeSpan.FromMinutes(1));
        await audit.WriteAsync("workflow w", "model.register", "demo/m:1", None, default, at);
        await audit.WriteAsync("workflow w", "model.register", "demo/m:2", None, default, at);

        Assert.Equal(2, (await audit.ListAsync(new(), default)).Items.Count);
    }

    [Fact]
    public async Task Lineage_WalkFromTheMiddle_FindsCausesAndConsequencesButNoSiblings()
    {
        var (data, run, model, sibling, deployed) =
            (Node("dataset-version", "demo/d:1"), Node("run", "r"), Node("model-version", "demo/m:1"), Node("run", "other"),
            Node("deployment-revision", "demo/prod:1"));
        await graph.LinkAsync(data, run, "used-by", default);
        await graph.LinkAsync(data, sibling, "used-by", default);
        time.Advance(TimeSpan.FromSeconds(1));
        await graph.LinkAsync(run, model, "produced", default);
        time.Advance(TimeSpan.FromSeconds(1));
        await graph.LinkAsync(model, deployed, "deployed-as", default);

        var walk = await graph.WalkAsync(run, default);

        Assert.Equal([(data, run), (run, model), (model, deployed)], walk.Select(e => (e.From, e.To)));
    }

    [Fact]
    public async Task Lineage_SameEdgeTwice_KeepsTheFirst()
    {
        await graph.LinkAsync(Node("run", "r"), Node("model-version", "demo/m:1"), "produced", default);
        var first = time.GetUtcNow();
        time.Advance(TimeSpan.FromHours(1));
        await graph.LinkAsync(Node("run", "r"), Node("model-version", "demo/m:1"), "produced", default);

        Assert.Equal(first, Assert.Single(await graph.WalkAsync(Node("model-version", "demo/m:1"), default)).At);
    }

    [Fact]
    public async Task Lineage_Cycle_IsWalkedOnce()
    {
        // A retrained model's data hold what its predecessor was asked: version → window → dataset → run → version.
        LineageNode[] ring =
            [Node("model-version", "demo/m:1"), Node("window", "w"), Node("dataset-version", "demo/d:2"), Node("run", "r")];
        for (var i = 0; i < ring.Length; i++) await graph.LinkAsync(ring[i], ring[(i + 1) % ring.Length], "produced", default);

        Assert.Equal(4, (await graph.WalkAsync(ring[0], default)).Count);
    }

    private static LineageNode Node(string kind, string id) => new(kind, id);
}
