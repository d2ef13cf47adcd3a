using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;

namespace TriOps.Training.Tables;

/// <summary>Encodes single rows, with the very float operations of the exported graph.</summary>
public sealed class RowEncoder(FeatureEncoding encoding)
{
    // Per categorical feature: a value's column among its own.
    private readonly Dictionary<string, int>[] positions =
        [.. encoding.Categories.Select(values => values.Select((name, i) => (name, i))
        .ToDictionary(v => v.name, v => v.i, StringComparer.Ordinal))];

    /// <summary>Columns of an encoded row.</summary>
    public int Width { get; } = encoding.Width;

    /// <summary>Encodes one row.</summary>
    /// <param name="rows">In the encoding's layout.</param>
    /// <param name="row">Its position.</param>
    /// <param name="to">Length <see cref="Width"/>; all of it is written.</param>
    public void Encode(FeatureRows rows, int row, Span<float> to)
    {
        var numbers = encoding.Fill.Length;
        var from = rows.Numbers.AsSpan(row * numbers, numbers);
        for (var f = 0; f < numbers; f++)
        {
            var value = float.IsFinite(from[f]) ? from[f] : encoding.Fill[f];
            to[f] = encoding is { Centre: { } centre, Scale: { } scale } ? (value - centre[f]) * scale[f] : value;
        }
        for (var j = 0; j < encoding.Indicators.Length; j++) to[numbers + j] = float.IsFinite(from[encoding.Indicators[j]]) ? 0 : 1;
        var offset = numbers + encoding.Indicators.Length;
        to[offset..].Clear();
        var categories = rows.Categories.AsSpan(row * positions.Length, positions.Length);
        for (var c = 0; c < positions.Length; c++)
        {
            if (positions[c].TryGetValue(categories[c], out var position)) to[offset + position] = 1;
            offset += positions[c].Count;
        }
    }
}
