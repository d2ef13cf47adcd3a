namespace TriOps.Architecture.Tests;

/// <summary>Circles in a graph.</summary>
internal static class Circles
{
    /// <summary>What is left when nodes without arrows to others that are left are taken away, one after the other: the circles and what leads into them.</summary>
    /// <param name="graph">From a node to those it depends on.</param>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, IReadOnlyList<string>> graph)
    {
        var left = graph.ToDictionary();
        while (left.Keys.FirstOrDefault(n => !left[n].Any(left.ContainsKey)) is { } free) left.Remove(free);
        return [.. left.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => $"{n.Key} -> {string.Join(", ", n.Value.Where(left.ContainsKey))}")];
    }
}
