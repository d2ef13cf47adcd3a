using Google.Protobuf;
using TriOps.Onnx.Protobuf;
using AttributeType = TriOps.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace TriOps.Onnx.Graphs;

/// <summary>Node attributes, typed as the ONNX operator specifications name them.</summary>
public static class Attr
{
    /// <summary>An integer.</summary>
    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    /// <summary>A 32-bit float.</summary>
    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    /// <summary>UTF-8 text.</summary>
    public static AttributeProto String(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    /// <summary>Integers.</summary>
    public static AttributeProto Ints(string name, IEnumerable<long> values) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    /// <summary>32-bit floats.</summary>
    public static AttributeProto Floats(string name, IEnumerable<float> values) =>
        new() { Name = name, Type = AttributeType.Floats, Floats = { values } };

    /// <summary>UTF-8 texts.</summary>
    public static AttributeProto Strings(string name, IEnumerable<string> values) =>
        new() { Name = name, Type = AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } };
}
