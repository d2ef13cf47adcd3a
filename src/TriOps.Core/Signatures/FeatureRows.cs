using System.Text.Json.Serialization;

namespace TriOps.Core.Signatures;

/// <summary>Rows in the layout of a <see cref="TableSignature"/>. The one place that knows where in the arrays a row lies.</summary>
/// <param name="Numbers">Row-major, rows × numeric features; NaN = missing.</param>
/// <param name="Categories">Row-major, rows × categorical features; "" = missing.</param>
/// <param name="Count">Rows.</param>
public sealed record FeatureRows(float[] Numbers, string[] Categories, int Count)
{
    /// <summary>Numeric features a row; 0 when there are no rows.</summary>
    [JsonIgnore] public int NumberWidth => Count == 0 ? 0 : Numbers.Length / Count;

    /// <summary>Categorical features a row; 0 when there are no rows.</summary>
    [JsonIgnore] public int CategoryWidth => Count == 0 ? 0 : Categories.Length / Count;

    /// <summary>A row's numeric features.</summary>
    public ReadOnlySpan<float> NumbersOf(int row) => Numbers.AsSpan(row * NumberWidth, NumberWidth);

    /// <summary>A row's categorical features.</summary>
    public ReadOnlySpan<string> CategoriesOf(int row) => Categories.AsSpan(row * CategoryWidth, CategoryWidth);

    /// <summary>The rows at the given positions, in that order; a position may come twice.</summary>
    public FeatureRows Take(IReadOnlyList<int> positions)
    {
        var (numbers, categories) = (new float[positions.Count * NumberWidth], new string[positions.Count * CategoryWidth]);
        for (var i = 0; i < positions.Count; i++)
        {
            NumbersOf(positions[i]).CopyTo(numbers.AsSpan(i * NumberWidth));
            CategoriesOf(positions[i]).CopyTo(categories.AsSpan(i * CategoryWidth));
        }
        return new(numbers, categories, positions.Count);
    }

    /// <summary>The first rows: <paramref name="count"/>, or all of fewer.</summary>
    public FeatureRows First(int count) => count >= Count ? this
        : new(Numbers[..(count * NumberWidth)], Categories[..(count * CategoryWidth)], count);

    /// <summary>The same rows, with one feature's values dealt out anew: row i gets that of row order[i].</summary>
    /// <param name="feature">Its position among numbers, then categories.</param>
    /// <param name="order">A permutation of the rows.</param>
    public FeatureRows WithShuffled(int feature, IReadOnlyList<int> order) => feature < NumberWidth
        ? this with { Numbers = Shuffled(Numbers, NumberWidth, feature, order) }
        : this with { Categories = Shuffled(Categories, CategoryWidth, feature - NumberWidth, order) };

    private static T[] Shuffled<T>(T[] values, int width, int column, IReadOnlyList<int> order)
    {
        var copy = (T[])values.Clone();
        for (var row = 0; row < order.Count; row++) copy[row * width + column] = values[order[row] * width + column];
        return copy;
    }
}
