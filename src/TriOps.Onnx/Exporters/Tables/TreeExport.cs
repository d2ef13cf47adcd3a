using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Graphs;

namespace TriOps.Onnx.Exporters.Tables;

/// <summary>A node of a binary tree: a split (x[Feature] ≤ Threshold goes left) or, when <paramref name="Feature"/> is -1, a
/// leaf.</summary>
/// <param name="Feature">Column of the encoded matrix, or -1.</param>
/// <param name="Threshold">In double precision, as learned.</param>
/// <param name="MissingLeft">Where NaN goes.</param>
/// <param name="Left">Position of the left child.</param>
/// <param name="Right">Position of the right child.</param>
/// <param name="Leaf">A leaf's value.</param>
public readonly record struct TreeNode(int Feature, double Threshold, bool MissingLeft, int Left, int Right, double Leaf);

/// <summary>A tree; node 0 is its root.</summary>
/// <param name="Nodes">At least one.</param>
/// <param name="Score">The raw score it adds to: 0, or the class's position.</param>
public sealed record Tree(IReadOnlyList<TreeNode> Nodes, int Score);

/// <summary>Sums of trees, as ai.onnx.ml's TreeEnsembleRegressor.</summary>
public static class TreeExport
{
    /// <summary>Writes the model whose raw scores are the sums of its trees.</summary>
    public static void Write(Stream stream, TableSignature signature, FeatureEncoding encoding, IReadOnlyList<Tree> trees)
    {
        var graph = new GraphBuilder("trees");
        var x = EncodingExport.AddTo(graph, signature, encoding);
        OutputExport.AddTo(graph, signature, AddTrees(graph, x, trees, signature.Scores));
        graph.Save(stream);
    }

    /// <summary>The largest 32-bit float that is not above <paramref name="threshold"/>. For every 32-bit x, x ≤ threshold holds exactly
    /// when x ≤ this: rounding to nearest instead would send values at the threshold the wrong way.</summary>
    public static float RoundDown(double threshold)
    {
        if (double.IsInfinity(threshold)) return (float)threshold;
        var single = (float)Math.Clamp(threshold, -float.MaxValue, float.MaxValue);
        return single > threshold ? MathF.BitDecrement(single) : single;
    }

    private static Value AddTrees(GraphBuilder graph, Value x, IReadOnlyList<Tree> trees, int scores)
    {
        List<long> treeIds = [], nodeIds = [], features = [], left = [], right = [], missing = [], leafTrees = [], leafNodes = [],
            leafScores = [];
        List<float> thresholds = [], leaves = [];
        List<string> modes = [];
        for (var t = 0; t < trees.Count; t++)
            for (var n = 0; n < trees[t].Nodes.Count; n++)
            {
                var node = trees[t].Nodes[n];
                var leaf = node.Feature < 0;
                treeIds.Add(t); nodeIds.Add(n);
                modes.Add(leaf ? "LEAF" : "BRANCH_LEQ");
                features.Add(leaf ? 0 : node.Feature);
                thresholds.Add(leaf ? 0 : RoundDown(node.Threshold));
                left.Add(leaf ? 0 : node.Left); right.Add(leaf ? 0 : node.Right);
                missing.Add(!leaf && node.MissingLeft ? 1 : 0);
                if (!leaf) continue;
                leafTrees.Add(t); leafNodes.Add(n); leafScores.Add(trees[t].Score); leaves.Add((float)node.Leaf);
            }
        return graph.Node(GraphBuilder.Ml, "TreeEnsembleRegressor", [x], // (N, scores)
            Attr.Int("n_targets", scores), Attr.String("aggregate_function", "SUM"), Attr.String("post_transform", "NONE"),
            Attr.Ints("nodes_treeids", treeIds), Attr.Ints("nodes_nodeids", nodeIds), Attr.Strings("nodes_modes", modes),
            Attr.Ints("nodes_featureids", features),
            Attr.Floats("nodes_values", thresholds), Attr.Ints("nodes_truenodeids", left), Attr.Ints("nodes_falsenodeids", right),
            Attr.Ints("nodes_missing_value_tracks_true", missing),
            Attr.Ints("target_treeids", leafTrees), Attr.Ints("target_nodeids", leafNodes), Attr.Ints("target_ids", leafScores),
            Attr.Floats("target_weights", leaves));
    }
}
