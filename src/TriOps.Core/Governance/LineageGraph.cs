using TriOps.Core.Storage;

namespace TriOps.Core.Governance;

/// <summary>What was made from what. Edges are stored under both ends, so that the graph is walked either way with one listing a
/// node.</summary>
public sealed class LineageGraph(IDocuments<LineageEdge> edges, TimeProvider time)
{
    /// <summary>Most nodes a walk visits.</summary>
    public const int MaxNodes = 1000;

    /// <summary>Adds an edge; adding it again changes nothing.</summary>
    public async Task LinkAsync(LineageNode from, LineageNode to, string relation, CancellationToken ct)
    {
        var edge = new LineageEdge(from, to, relation, time.GetUtcNow());
        await edges.GetOrInsertAsync(new(Key(from), $"out:{relation}:{Key(to)}"), edge, ct);
        await edges.GetOrInsertAsync(new(Key(to), $"in:{relation}:{Key(from)}"), edge, ct);
    }

    /// <summary>Everything <paramref name="node"/> came from and everything that came of it, breadth first, without siblings.</summary>
    /// <param name="node">Where to start.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Each edge once.</returns>
    public async Task<IReadOnlyList<LineageEdge>> WalkAsync(LineageNode node, CancellationToken ct)
    {
        var found = new Dictionary<(string, string, string), LineageEdge>();
        foreach (var direction in (string[])["in:", "out:"])
        {
            var seen = new HashSet<LineageNode> { node };
            var open = new Queue<LineageNode>(seen);
            while (open.TryDequeue(out var current) && seen.Count < MaxNodes)
                await foreach (var item in edges.AllAsync(Key(current), ct, direction))
                {
                    var edge = item.Value;
                    found.TryAdd((Key(edge.From), Key(edge.To), edge.Relation), edge);
                    var next = direction == "in:" ? edge.From : edge.To;
                    if (seen.Add(next)) open.Enqueue(next);
                }
        }
        return [.. found.Values.OrderBy(e => e.At)];
    }

    private static string Key(LineageNode node) => $"{node.Kind}:{node.Id.Replace('/', ':')}";
}
