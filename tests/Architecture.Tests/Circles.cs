namespace TriOps.Architecture.Tests;

/// <summary>Circles in a graph.</summary>
internal static class Circles
{
    /// <summary>What is left when nodes that no arrow leaves, or none enters, are taken away, one after the other: the circles and what
    /// lies between them.</summary>
    /// <param name="graph">From a node to those it depends on.</param>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, IReadOnlyList<string>> graph)
    {
        var left = graph.ToDictionary();
        while (left.Keys.FirstOrDefault(n => !left[n].Any(left.ContainsKey) || !left.Values.Any(to => to.Contains(n))) is { } free)
            left.Remove(free);
        return [.. left.OrderBy(n => n.Key, StringComparer.Ordinal)
            .Select(n => $"{n.Key} -> {string.Join(", ", n.Value.Where(left.ContainsKey))}")];
    }
}
