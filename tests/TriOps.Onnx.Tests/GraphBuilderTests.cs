using TriOps.Onnx.Graphs;
using TriOps.Onnx.Protobuf;

namespace TriOps.Onnx.Tests;

public sealed class GraphBuilderTests
{
    [Fact]
    public void Build_NodeReadsWhatNothingDefines_NamesNodeAndInput()
    {
        var graph = new GraphBuilder("g");
        graph.Output(graph.Node("Relu", [new Value("ghost")]), "y", ElementType.Float, "N");
        var error = Assert.Throws<InvalidOperationException>(() => graph.Build());
        Assert.Contains("'ghost'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Relu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_TwoInputsOfOneName_Throws()
    {
        var graph = new GraphBuilder("g");
        graph.Output(graph.Input("x", ElementType.Float, "N"), "y", ElementType.Float, "N");
        graph.Input("x", ElementType.Float, "N");
        Assert.Contains("'x' is defined twice", Assert.Throws<InvalidOperationException>(() => graph.Build()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_NoOutput_Throws() => Assert.Throws<InvalidOperationException>(() => new GraphBuilder("g").Build());

    [Fact]
    public void Constant_ValuesDoNotFillTheShape_Throws() =>
        Assert.Throws<ArgumentException>(() => new GraphBuilder("g").Constant([1f, 2f, 3f], 2, 2));

    [Fact]
    public void Save_ReadBack_HasFieldsWhereTheSpecificationPutsThem()
    {
        var graph = new GraphBuilder("g");
        var x = graph.Input("x", ElementType.Float, "N", 2);
        graph.Output(graph.Node("MatMul", [x, graph.Constant([1f, 2f], 2, 1)]), "y", ElementType.Float, "N", 1);
        graph.SetMetadata("key", "value");
        using var stream = new MemoryStream();
        graph.Save(stream);

        // Field 1, varint: ir_version (onnx.proto). Everything else through the generated reader.
        Assert.Equal([0x08, 10], stream.ToArray()[..2]);
        var model = ModelProto.Parser.ParseFrom(stream.ToArray());
        Assert.Equal(("", 21L), (model.OpsetImport[0].Domain, model.OpsetImport[0].Version));
        Assert.Equal("N", model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal([2L, 1L], model.Graph.Initializer[0].Dims);
        Assert.Equal(8, model.Graph.Initializer[0].RawData.Length);
        Assert.Equal("key", model.MetadataProps[0].Key);
    }
}
