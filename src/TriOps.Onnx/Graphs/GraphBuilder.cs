using System.Runtime.InteropServices;
using Google.Protobuf;
using TriOps.Onnx.Protobuf;

namespace TriOps.Onnx.Graphs;

/// <summary>Writes an ONNX model node by node. Not thread-safe.</summary>
/// <param name="name">The graph's name.</param>
/// <param name="opset">Of the default operator domain; 21 by default.</param>
/// <param name="mlOpset">Of ai.onnx.ml; 3 by default: the newest that has the flat tree ensembles without a deprecation mark.</param>
/// <remarks>ONNX IR specification, version 10 (docs/IR.md of the ONNX project).</remarks>
public sealed class GraphBuilder(string name, int opset = 21, int mlOpset = 3)
{
    /// <summary>The domain of the classical machine-learning operators.</summary>
    public const string Ml = "ai.onnx.ml";
    private const int IrVersion = 10;

    private readonly GraphProto graph = new() { Name = name };
    private readonly SortedDictionary<string, string> metadata = new(StringComparer.Ordinal);
    private readonly HashSet<string> domains = [""];
    private int unnamed;

    /// <summary>Declares a graph input.</summary>
    public Value Input(string name, ElementType type, params ReadOnlySpan<Dim> shape)
    {
        graph.Input.Add(Info(name, type, shape));
        return new(name);
    }

    /// <summary>Names <paramref name="value"/> as a graph output; its name becomes <paramref name="name"/> by an Identity node when it
    /// differs.</summary>
    public void Output(Value value, string name, ElementType type, params ReadOnlySpan<Dim> shape)
    {
        if (value.Name != name)
            graph.Node.Add(new NodeProto { Name = $"{name}_out", OpType = "Identity", Input = { value.Name }, Output = { name } });
        graph.Output.Add(Info(name, type, shape));
    }

    /// <summary>A constant tensor of floats, row-major; a vector when <paramref name="dims"/> is empty.</summary>
    /// <exception cref="ArgumentException">The dimensions do not multiply to the number of values.</exception>
    public Value Constant(ReadOnlySpan<float> values, params ReadOnlySpan<long> dims) =>
        Raw(TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), values.Length, dims);

    /// <summary>A constant tensor of 64-bit integers, row-major; a vector when <paramref name="dims"/> is empty.</summary>
    /// <exception cref="ArgumentException">The dimensions do not multiply to the number of values.</exception>
    public Value Constant(ReadOnlySpan<long> values, params ReadOnlySpan<long> dims) =>
        Raw(TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), values.Length, dims);

    /// <summary>A 64-bit integer without dimensions.</summary>
    public Value Scalar(long value)
    {
        var tensor = new TensorProto { Name = NextName("scalar"), DataType = (int)TensorProto.Types.DataType.Int64,
            RawData = ByteString.CopyFrom(BitConverter.GetBytes(value)) };
        graph.Initializer.Add(tensor);
        return new(tensor.Name);
    }

    /// <summary>Adds a node with one output.</summary>
    public Value Node(string op, IReadOnlyList<Value> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        Node("", op, inputs, attributes);

    /// <summary>Adds a node of another operator domain, with one output.</summary>
    public Value Node(string domain, string op, IReadOnlyList<Value> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = NextName(op), OpType = op, Domain = domain };
        node.Input.AddRange(inputs.Select(i => i.Name));
        node.Output.Add(node.Name);
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        domains.Add(domain);
        graph.Node.Add(node);
        return new(node.Name);
    }

    /// <summary>Sets a metadata property of the model.</summary>
    public void SetMetadata(string key, string value) => metadata[key] = value;

    /// <summary>The finished model.</summary>
    /// <exception cref="InvalidOperationException">A name is defined twice, an input is used before it is defined, or there is no output: a
    /// fault of the caller's code.</exception>
    public ModelProto Build()
    {
        Check();
        var model =
            new ModelProto { IrVersion = IrVersion, ProducerName = "TriOps",
            ProducerVersion = typeof(GraphBuilder).Assembly.GetName().Version!.ToString(3), Graph = graph.Clone() };
        foreach (var domain in domains.Order(StringComparer.Ordinal))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = domain == "" ? opset : domain == Ml ? mlOpset : 1 });
        foreach (var (key, value) in metadata) model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }

    /// <summary>Writes the finished model. The same calls give the same bytes.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="Build"/>.</exception>
    public void Save(Stream stream) => Build().WriteTo(stream);

    private void Check()
    {
        var defined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name))) Define(name);
        foreach (var node in graph.Node)
        {
            foreach (var input in node.Input)
                if (input != "" && !defined.Contains(input))
                    throw new InvalidOperationException(
                        $"Node '{node.Name}' ({node.OpType}) of graph '{graph.Name}' reads '{input}', which nothing before it defines.");
            foreach (var output in node.Output) Define(output);
        }
        if (graph.Output.Count == 0) throw new InvalidOperationException($"Graph '{graph.Name}' has no output.");
        foreach (var output in graph.Output)
            if (!defined.Contains(output.Name))
                throw new InvalidOperationException($"Nothing in graph '{graph.Name}' defines its output '{output.Name}'.");

        void Define(string name)
        {
            if (!defined.Add(name)) throw new InvalidOperationException($"'{name}' is defined twice in graph '{graph.Name}'.");
        }
    }

    private Value Raw(TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, int count, ReadOnlySpan<long> dims)
    {
        var tensor = new TensorProto { Name = NextName("const"), DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        long product = 1;
        foreach (var dim in dims) { tensor.Dims.Add(dim); product *= dim; }
        if (dims.IsEmpty) tensor.Dims.Add(product = count);
        if (product != count)
            throw new ArgumentException($"{count} values do not fill a tensor of {string.Join('×', dims.ToArray())}.", nameof(dims));
        graph.Initializer.Add(tensor);
        return new(tensor.Name);
    }

    private static ValueInfoProto Info(string name, ElementType type, ReadOnlySpan<Dim> shape)
    {
        var dims = new TensorShapeProto();
        foreach (var dim in shape)
            dims.Dim.Add(dim.Size is { } size ? new TensorShapeProto.Types.Dimension { DimValue = size } : new() { DimParam = dim.Name });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = dims } } };
    }

    private string NextName(string op) => $"{op}_{unnamed++}";
}
