namespace TriOps.Onnx.Graphs;

/// <summary>A tensor in a graph under construction: an input, a constant or a node's output.</summary>
/// <param name="Name">Unique in its graph.</param>
public readonly record struct Value(string Name);

/// <summary>Element types of inputs and outputs; the numbers are ONNX's TensorProto.DataType.</summary>
public enum ElementType
{
    /// <summary>32-bit floats.</summary>
    Float = 1,
    /// <summary>64-bit integers.</summary>
    Int64 = 7,
    /// <summary>UTF-8 text.</summary>
    String = 8,
    /// <summary>Truth values.</summary>
    Bool = 9,
    /// <summary>64-bit floats.</summary>
    Double = 11,
}

/// <summary>A dimension: a size, or a name for one that is known at run time only.</summary>
/// <param name="Size">≥0, or null when named.</param>
/// <param name="Name">The name, or null when sized.</param>
public readonly record struct Dim(long? Size, string? Name)
{
    /// <summary>A fixed size.</summary>
    public static implicit operator Dim(long size) => new(size, null);
    /// <summary>A size named <paramref name="name"/>.</summary>
    public static implicit operator Dim(string name) => new(null, name);
}
