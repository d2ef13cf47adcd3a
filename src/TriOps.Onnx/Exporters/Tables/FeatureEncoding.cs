namespace TriOps.Onnx.Exporters.Tables;

/// <summary>How the rows of a signature become a matrix of floats: what was learned from the training rows.
/// Columns in order: the numbers, a 0/1 column for each number that had missing values, then a 0/1 column per known value of each category.
/// A category's value that is not known gives zeros only.</summary>
/// <param name="Fill">Per number: what stands in for a missing or infinite value; NaN leaves it missing (trees decide by
/// themselves).</param>
/// <param name="Centre">Per number: subtracted. Null: numbers stay as they are.</param>
/// <param name="Scale">Per number: then multiplied. Null exactly when <paramref name="Centre"/> is.</param>
/// <param name="Indicators">Positions of the numbers that get a missing-indicator column.</param>
/// <param name="Categories">Per categorical feature: its known values, in column order; "" is a value like others.</param>
public sealed record FeatureEncoding(float[] Fill, float[]? Centre, float[]? Scale, int[] Indicators,
    IReadOnlyList<IReadOnlyList<string>> Categories)
{
    /// <summary>Columns of the matrix.</summary>
    public int Width => Fill.Length + Indicators.Length + Categories.Sum(c => c.Count);
}
