using TriOps.Core.Governance;

namespace TriOps.Dashboard.Charts;

/// <summary>A layered drawing of a lineage graph: a node's column is its longest distance from a root. Cycles cannot occur in time-ordered
/// lineage; if data has one, its back edges are not followed.</summary>
public sealed record LineageLayout(IReadOnlyList<LineageLayout.Placed> Nodes, IReadOnlyList<LineageLayout.Line> Edges,
    int Width, int Height)
{
    /// <summary>Pixels.</summary>
    public const int NodeWidth = 190, NodeHeight = 40;

    private const int ColumnGap = 60, RowGap = 14;

    /// <summary>A node's top left corner.</summary>
    public sealed record Placed(LineageNode Node, int X, int Y);

    /// <summary>From the right side of a cause to the left side of what came of it.</summary>
    public sealed record Line(int X1, int Y1, int X2, int Y2, string Relation);

    /// <summary>Places the nodes of <paramref name="edges"/>, and <paramref name="focus"/> when it has none.</summary>
    public static LineageLayout Of(IReadOnlyList<LineageEdge> edges, LineageNode focus)
    {
        var nodes = edges.SelectMany(e => new[] { e.From, e.To }).Append(focus).Distinct().ToList();
        var column = nodes.ToDictionary(n => n, _ => 0);
        for (var pass = 0; pass < nodes.Count; pass++)
        {
            var moved = false;
            foreach (var edge in edges)
                if (column[edge.To] <= column[edge.From] && column[edge.From] + 1 < nodes.Count)
                {
                    column[edge.To] = column[edge.From] + 1; moved = true;
                }
            if (!moved) break;
        }
        var placed = nodes.GroupBy(n => column[n])
            .SelectMany(g => g.Select((n, i) => new Placed(n, 4 + g.Key * (NodeWidth + ColumnGap), 4 + i * (NodeHeight + RowGap))))
            .ToList();
        var at = placed.ToDictionary(p => p.Node);
        var lines =
            edges.Select(
            e => new Line(at[e.From].X + NodeWidth, at[e.From].Y + NodeHeight / 2, at[e.To].X, at[e.To].Y + NodeHeight / 2, e.Relation))
            .ToList();
        return new(placed, lines, placed.Max(p => p.X) + NodeWidth + 8, placed.Max(p => p.Y) + NodeHeight + 8);
    }
}
