using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Training.Tables;

/// <summary>From weights per encoded column to shares per feature.</summary>
public static class ImportanceShares
{
    /// <summary>Sums columns by feature, scales the sums to 1 and sorts them, largest first.</summary>
    /// <param name="signature">Names the features.</param>
    /// <param name="origins">Per column: its feature's position among numbers, then categories.</param>
    /// <param name="weights">Per column, ≥0.</param>
    public static IReadOnlyList<FeatureImportance> Of(TableSignature signature, ReadOnlySpan<int> origins, ReadOnlySpan<double> weights)
    {
        var names = signature.Numbers.Concat(signature.Categories).ToList();
        var sums = new double[names.Count];
        for (var i = 0; i < weights.Length; i++) sums[origins[i]] += weights[i];
        var total = sums.Sum();
        return [.. names.Select((name, i) => new FeatureImportance(name, total > 0 ? sums[i] / total : 0)).OrderByDescending(f => f.Share)
            .ThenBy(f => f.Feature, StringComparer.Ordinal)];
    }
}
