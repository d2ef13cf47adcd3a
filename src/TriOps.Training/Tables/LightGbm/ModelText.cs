using System.Globalization;
using TriOps.Onnx.Exporters.Tables;

namespace TriOps.Training.Tables.LightGbm;

/// <summary>Reads the trees out of LightGBM's model text (version v4).</summary>
/// <remarks>Decision bits as in LightGBM's tree.h: 1 categorical, 2 missing goes left, 12 kind of missing (0 none, 4 zero, 8 NaN). A column
/// that had no NaN in training takes NaN for 0 when it predicts, and values within ±1e-35f count as 0 (kZeroThreshold in meta.h).</remarks>
public static class ModelText
{
    private const double Zero = 1e-35f;
    private const int CategoricalBit = 1, DefaultLeftBit = 2, MissingMask = 12, MissingZero = 4, MissingNan = 8;

    /// <summary>The trees, in order.</summary>
    /// <param name="text">As LightGBM saves it.</param>
    /// <param name="scores">Trees of one iteration: one, or one per class.</param>
    /// <exception cref="InvalidDataException">A tree has categorical splits, linear leaves or zero-as-missing splits, which are never asked
    /// for.</exception>
    public static IReadOnlyList<Tree> Read(string text, int scores)
    {
        var trees = new List<Tree>();
        Dictionary<string, string>? fields = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("Tree=", StringComparison.Ordinal)) fields = [];
            else if (fields is not null && line.IndexOf('=') is var at and > 0) fields[line[..at]] = line[(at + 1)..];
            else if (fields is { Count: > 0 })
            {
                trees.Add(new(Nodes(fields), trees.Count % scores));
                fields = null;
            }
        }
        return trees;
    }

    private static TreeNode[] Nodes(Dictionary<string, string> fields)
    {
        var leaves = Numbers(fields, "leaf_value");
        if (leaves.Length == 1) return [new(-1, 0, false, 0, 0, leaves[0])];
        if (fields.GetValueOrDefault("is_linear", "0") != "0")
            throw new InvalidDataException("A LightGBM tree has linear leaves, which TriOps does not ask for.");
        var (features, thresholds, decisions) =
            (Whole(fields, "split_feature"), Numbers(fields, "threshold"), Whole(fields, "decision_type"));
        var (left, right) = (Whole(fields, "left_child"), Whole(fields, "right_child"));
        var nodes = new TreeNode[features.Length + leaves.Length]; // Splits first, then leaves; a child ≥ 0 is a split, ~child a leaf.
        for (var i = 0; i < features.Length; i++)
        {
            var (decision, missing) = (decisions[i], decisions[i] & MissingMask);
            if ((decision & CategoricalBit) != 0 || missing == MissingZero)
                throw new InvalidDataException($"A LightGBM split has decision type {decision}, which TriOps does not ask for.");
            var missingLeft = missing == MissingNan ? (decision & DefaultLeftBit) != 0 : thresholds[i] >= 0;
            nodes[i] = new(features[i], AroundZero(thresholds[i]), missingLeft, Position(left[i]), Position(right[i]), 0);
        }
        for (var i = 0; i < leaves.Length; i++) nodes[features.Length + i] = new(-1, 0, false, 0, 0, leaves[i]);
        return nodes;

        int Position(int child) => child >= 0 ? child : features.Length + ~child;
    }

    // The threshold that sends every x where LightGBM sends it, which compares 0 in place of an x within ±Zero.
    private static double AroundZero(double threshold) => threshold switch
    {
        >= -Zero and < 0 => Math.BitDecrement(-Zero),
        >= 0 and < Zero => Zero,
        _ => threshold,
    };

    private static double[] Numbers(Dictionary<string, string> fields, string name) =>
        [.. fields[name].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)];

    /// <summary>Printed by C: a split that only parts missing values from all others has the threshold "inf".</summary>
    private static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static int[] Whole(Dictionary<string, string> fields, string name) =>
        [.. fields[name].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
}
