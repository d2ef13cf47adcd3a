using TriOps.Core;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;

namespace TriOps.Training.Tables;

/// <summary>Encoded rows.</summary>
/// <param name="Values">Row-major, rows × width.</param>
/// <param name="Count">Rows.</param>
/// <param name="Width">Columns.</param>
public sealed record EncodedRows(float[] Values, int Count, int Width)
{
    /// <summary>One row.</summary>
    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Width, Width);
}

/// <summary>How features are treated before a family sees them.</summary>
/// <summary>Filled with the median, marked where they were missing, and scaled to mean 0 and deviation 1.</summary>
public enum NumberTreatment {
    /// <summary>As they are; missing stays missing where training rows had missing values, else the median stands in.</summary>
    Standardise,
    Keep }

/// <summary>Learns a <see cref="FeatureEncoding"/> from training rows and applies it, with the very float operations of the exported
/// graph.</summary>
public static class Encoder
{
    /// <summary>Most known values of a categorical feature; rarer ones count as unknown.</summary>
    public const int MaxCategoryValues = 100;

    /// <summary>Learns from <paramref name="rows"/>.</summary>
    public static FeatureEncoding Learn(TableSignature signature, FeatureRows rows, NumberTreatment treatment)
    {
        var count = signature.Numbers.Count;
        var (fill, centre, scale) = (new float[count], new float[count], new float[count]);
        var indicators = new List<int>();
        var present = new float[rows.Count];
        for (var f = 0; f < count; f++)
        {
            var n = 0;
            for (var row = 0; row < rows.Count; row++)
                if (rows.Numbers[row * count + f] is var value && float.IsFinite(value)) present[n++] = value;
            var column = present.AsSpan(0, n);
            var (median, missing) = (Median(column), n < rows.Count);
            fill[f] = missing && treatment == NumberTreatment.Keep ? float.NaN : median;
            if (missing) indicators.Add(f);
            (centre[f], scale[f]) = Moments(column, median, rows.Count);
        }
        var categories = Enumerable.Range(0, signature.Categories.Count).Select(c => Values(rows, c, signature.Categories.Count)).ToList();
        return treatment == NumberTreatment.Keep ? new(fill, null, null, [], categories)
            : new(fill, centre, scale, [.. indicators], categories);
    }

    /// <summary>Encodes rows <paramref name="start"/> to start + <paramref name="count"/>.</summary>
    /// <exception cref="InvalidInputException">The matrix is larger than an array may be (table-too-large).</exception>
    public static EncodedRows Encode(FeatureEncoding encoding, FeatureRows rows, int start, int count)
    {
        var encoder = new RowEncoder(encoding);
        if ((long)count * encoder.Width > Array.MaxLength)
            throw new InvalidInputException("table-too-large",
                $"{count} rows by {encoder.Width} encoded columns are more than {Array.MaxLength} values, the most one job holds. Exclude "
                + $"columns, or train on fewer rows.");
        var values = new float[count * encoder.Width];
        for (var i = 0; i < count; i++) encoder.Encode(rows, start + i, values.AsSpan(i * encoder.Width, encoder.Width));
        return new(values, count, encoder.Width);
    }

    /// <summary>The feature each encoded column comes from, by its position among numbers, then categories.</summary>
    public static int[] Origins(FeatureEncoding encoding) =>
    [
        .. Enumerable.Range(0, encoding.Fill.Length), .. encoding.Indicators,
        .. encoding.Categories.SelectMany((values, c) => Enumerable.Repeat(encoding.Fill.Length + c, values.Count)),
    ];

    private static float Median(Span<float> values)
    {
        if (values.IsEmpty) return 0;
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (float)((values[middle - 1] + (double)values[middle]) / 2);
    }

    // Of the filled column: its mean, and 1/deviation (0 where the column does not vary, so that it has no say).
    private static (float Centre, float Scale) Moments(ReadOnlySpan<float> present, float fill, int rows)
    {
        var missing = rows - present.Length;
        double sum = (double)fill * missing, squares = 0;
        foreach (var value in present) sum += value;
        var mean = sum / rows;
        foreach (var value in present) squares += (value - mean) * (value - mean);
        squares += missing * (fill - mean) * (fill - mean);
        var deviation = Math.Sqrt(squares / rows);
        return ((float)mean, deviation > 1e-12 * Math.Max(1, Math.Abs(mean)) && float.IsNormal((float)(1 / deviation))
            ? (float)(1 / deviation) : 0);
    }

    private static List<string> Values(FeatureRows rows, int column, int columns)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < rows.Count; row++)
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts,
                rows.Categories[row * columns + column], out _)++;
        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MaxCategoryValues)
            .Select(c => c.Key).Order(StringComparer.Ordinal)];
    }
}
