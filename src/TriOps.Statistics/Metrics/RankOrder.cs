namespace TriOps.Statistics.Metrics;

/// <summary>Rows sorted once by score, so that ranks under any weights (a bootstrap's) cost one pass.</summary>
/// <param name="Rows">Row numbers, highest score first.</param>
/// <param name="TieEnds">TieEnds[i]: the position after the last row that has the score of position i.</param>
public sealed record RankOrder(int[] Rows, int[] TieEnds)
{
    /// <summary>Sorts <paramref name="scores"/>, which must be finite.</summary>
    public static RankOrder Of(ReadOnlySpan<float> scores)
    {
        var keys = scores.ToArray();
        var rows = new int[keys.Length];
        for (var i = 0; i < rows.Length; i++) { rows[i] = i; keys[i] = -keys[i]; }
        Array.Sort(keys, rows);
        var ends = new int[rows.Length];
        for (var (i, end) = (rows.Length - 1, rows.Length); i >= 0; i--)
        {
            if (i + 1 < rows.Length && keys[i] != keys[i + 1]) end = i + 1;
            ends[i] = end;
        }
        return new(rows, ends);
    }
}
