using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using TriOps.Core;

namespace TriOps.Api.Oip;

/// <summary>Tensor elements from JSON (flat, or nested as the shape says) and from bytes (little-endian, row-major).</summary>
internal static class TensorData
{
    /// <summary>Bytes of an element by datatype; numbers only.</summary>
    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["BOOL"] = 1, ["UINT8"] = 1, ["INT8"] = 1, ["UINT16"] = 2, ["INT16"] = 2, ["UINT32"] = 4, ["INT32"] = 4, ["UINT64"] = 8,
            ["INT64"] = 8, ["FP16"] = 2, ["FP32"] = 4, ["FP64"] = 8,
    };

    /// <summary>Whether elements of the datatype can be read as numbers.</summary>
    public static bool IsNumeric(string? datatype) => datatype is not null && Sizes.ContainsKey(datatype);

    /// <summary>Numbers from JSON; null and "NaN" are NaN. FP16 is rounded to the nearest half, as its bytes would have it.</summary>
    public static float[] Numbers(JsonElement data, string datatype, IReadOnlyList<long> shape, string name)
    {
        var (half, range) = datatype == "FP16" ? (true, "16-bit floats, ±65504") : (false, "32-bit floats");
        var values = new List<float>();
        Flatten(data, shape, 0, name, leaf => values.Add(leaf.ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.Null => float.NaN,
            JsonValueKind.String when leaf.ValueEquals("NaN"u8) => float.NaN,
            JsonValueKind.Number when leaf.TryGetSingle(out var value) && (half ? (float)(Half)value : value) is var read
            && float.IsFinite(read) => read,
            _ => throw Invalid($"Input '{name}', element {values.Count}: {Short(leaf)} is not a number in the range of {range}."),
        }));
        return Counted(values, shape, name);
    }

    /// <summary>Texts from JSON; null is "".</summary>
    public static string[] Texts(JsonElement data, IReadOnlyList<long> shape, string name)
    {
        var values = new List<string>();
        Flatten(data, shape, 0, name, leaf => values.Add(leaf.ValueKind switch
        {
            JsonValueKind.String => leaf.GetString()!,
            JsonValueKind.Null => "",
            _ => throw Invalid($"Input '{name}', element {values.Count}: {Short(leaf)} is not a text."),
        }));
        return Counted(values, shape, name);
    }

    /// <summary>Numbers from bytes.</summary>
    public static float[] Numbers(ReadOnlySpan<byte> bytes, string datatype, IReadOnlyList<long> shape, string name)
    {
        var size = Sizes[datatype];
        if (bytes.Length % size != 0) throw Invalid($"Input '{name}': {bytes.Length} bytes are no whole number of {datatype} elements.");
        var values = new float[bytes.Length / size];
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes.Slice(i * size, size);
            values[i] = datatype switch
            {
                "FP16" => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                "FP32" => BinaryPrimitives.ReadSingleLittleEndian(at),
                "FP64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                "BOOL" => at[0] == 0 ? 0 : 1,
                "UINT8" => at[0],
                "INT8" => (sbyte)at[0],
                "UINT16" => BinaryPrimitives.ReadUInt16LittleEndian(at),
                "INT16" => BinaryPrimitives.ReadInt16LittleEndian(at),
                "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(at),
                "INT32" => BinaryPrimitives.ReadInt32LittleEndian(at),
                "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(at),
                _ => BinaryPrimitives.ReadInt64LittleEndian(at),
            };
            if (float.IsInfinity(values[i])) throw Invalid($"Input '{name}', element {i} is infinite as a 32-bit float.");
        }
        return Counted(values, shape, name);
    }

    /// <summary>Texts from bytes: each a 32-bit little-endian length and UTF-8.</summary>
    public static string[] Texts(ReadOnlySpan<byte> bytes, IReadOnlyList<long> shape, string name)
    {
        var values = new List<string>();
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var length && length > (uint)(bytes.Length - 4))
                throw Invalid($"Input '{name}' ends within element {values.Count}.");
            values.Add(Encoding.UTF8.GetString(bytes.Slice(4, (int)length)));
            bytes = bytes[(4 + (int)length)..];
        }
        return Counted(values, shape, name);
    }

    /// <summary>Elements as bytes, in the same layouts.</summary>
    public static byte[] Bytes(Array data)
    {
        if (data is float[] numbers)
        {
            var bytes = new byte[numbers.Length * sizeof(float)];
            for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
            return bytes;
        }
        using var stream = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var text in (string[])data)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)utf8.Length);
            stream.Write(length);
            stream.Write(utf8);
        }
        return stream.ToArray();
    }

    // Flat data is one array of elements; nested data has one level of arrays a dimension, each as long as the shape says.
    private static void Flatten(JsonElement data, IReadOnlyList<long> shape, int depth, string name, Action<JsonElement> leaf)
    {
        if (data.ValueKind != JsonValueKind.Array)
            throw Invalid($"Input '{name}': 'data' must be an array, flat or nested to match its shape.");
        var nested = data.GetArrayLength() > 0 && data[0].ValueKind == JsonValueKind.Array;
        if (nested && depth == shape.Count - 1)
            throw Invalid($"Input '{name}': 'data' is nested deeper than its shape [{string.Join(", ", shape)}].");
        if ((nested || depth > 0) && data.GetArrayLength() != shape[depth])
            throw Invalid($"Input '{name}': dimension {depth} has {data.GetArrayLength()} elements where its shape says {shape[depth]}.");
        if (!nested && depth > 0 && depth < shape.Count - 1)
            throw Invalid($"Input '{name}': 'data' is nested less deep than its shape [{string.Join(", ", shape)}].");
        foreach (var element in data.EnumerateArray())
        {
            if (nested) Flatten(element, shape, depth + 1, name, leaf);
            else leaf(element);
        }
    }

    private static T[] Counted<T>(IReadOnlyCollection<T> values, IReadOnlyList<long> shape, string name)
    {
        var wanted = shape.Aggregate(1L, (product, dimension) => product * dimension);
        return values.Count == wanted ? values as T[] ?? [.. values]
            : throw Invalid($"Input '{name}' has {values.Count} elements where its shape [{string.Join(", ", shape)}] wants {wanted}.");
    }

    private static string Short(JsonElement value) => value.GetRawText() is var text && text.Length > 60 ? text[..60] + "…" : text;

    private static InvalidInputException Invalid(string message) => new("tensor-invalid", message);
}
