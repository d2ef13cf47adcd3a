using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Graphs;

namespace TriOps.Onnx.Exporters.Tables;

/// <summary>The inputs of a model's graph, and the nodes that encode them.</summary>
public static class EncodingExport
{
    /// <summary>Declares "numbers" and "categories" as <see cref="TableSignature"/> says and returns the encoded matrix, FP32 [N,
    /// <see cref="FeatureEncoding.Width"/>].</summary>
    /// <exception cref="ArgumentException">The encoding does not fit the signature, or there is no feature.</exception>
    public static Value AddTo(GraphBuilder graph, TableSignature signature, FeatureEncoding encoding)
    {
        if (encoding.Fill.Length != signature.Numbers.Count || encoding.Categories.Count != signature.Categories.Count
            || encoding.Width == 0)
            throw new ArgumentException($"The encoding is of {encoding.Fill.Length} numbers and {encoding.Categories.Count} categories, "
                + $"the signature of {signature.Numbers.Count} and {signature.Categories.Count}.", nameof(encoding));
        var parts = new List<Value>();
        if (signature.Numbers.Count > 0) AddNumbers(graph, encoding, parts);
        if (signature.Categories.Count > 0) AddCategories(graph, encoding, parts);
        return parts.Count == 1 ? parts[0] : graph.Node("Concat", parts, Attr.Int("axis", 1));
    }

    private static void AddNumbers(GraphBuilder graph, FeatureEncoding encoding, List<Value> parts)
    {
        var count = encoding.Fill.Length;
        var numbers = graph.Input("numbers", ElementType.Float, "N", count);                                  // (N, F)
        var missing = graph.Node("Or", [graph.Node("IsNaN", [numbers]), graph.Node("IsInf", [numbers])]);     // (N, F)
        var filled = graph.Node("Where", [missing, graph.Constant(encoding.Fill, 1, count), numbers]);        // (N, F)
        if (encoding is { Centre: { } centre, Scale: { } scale })
            filled = graph.Node("Mul", [graph.Node("Sub", [filled, graph.Constant(centre, 1, count)]), graph.Constant(scale, 1, count)]);
        parts.Add(filled);
        if (encoding.Indicators.Length == 0) return;
        var positions = graph.Constant([.. encoding.Indicators.Select(i => (long)i)]);
        // (N, indicators)
        parts.Add(
            graph.Node("Cast", [graph.Node("Gather", [missing, positions], Attr.Int("axis", 1))], Attr.Int("to", (long)ElementType.Float)));
    }

    private static void AddCategories(GraphBuilder graph, FeatureEncoding encoding, List<Value> parts)
    {
        var categories = graph.Input("categories", ElementType.String, "N", encoding.Categories.Count);       // (N, C)
        for (var c = 0; c < encoding.Categories.Count; c++)
        {
            if (encoding.Categories[c].Count == 0) continue;
            var column = graph.Node("Gather", [categories, graph.Scalar(c)], Attr.Int("axis", 1));            // (N)
            // (N, values)
            parts.Add(
                graph.Node(GraphBuilder.Ml, "OneHotEncoder", [column], Attr.Strings("cats_strings", encoding.Categories[c]),
                Attr.Int("zeros", 1)));
        }
    }
}
