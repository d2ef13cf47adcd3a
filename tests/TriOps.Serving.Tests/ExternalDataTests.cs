using System.Runtime.InteropServices;
using Google.Protobuf;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Onnx.Protobuf;
using TriOps.Serving.Models;
using TriOps.Serving.Store;
using static TriOps.Onnx.Protobuf.TensorProto.Types;

namespace TriOps.Serving.Tests;

/// <summary>Tensors in files beside the graph: those of the model are found there, any other is refused before ONNX Runtime opens
/// it.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly FailingBlobs blobs = new();
    private readonly ModelFolder folder;
    private readonly OnnxScorers scorers;

    public ExternalDataTests()
    {
        var options = new ServingOptions();
        folder = new ModelFolder(blobs, options, TimeProvider.System);
        scorers = new OnnxScorers(folder, options);
    }

    public void Dispose()
    {
        scorers.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Open_TensorInAFileOfTheModel_Scores()
    {
        var weights = MemoryMarshal.AsBytes<float>([20f, 30f]).ToArray();
        var file = new ModelFile("weights.bin", ContentId.OfBytes(weights), weights.Length);
        await blobs.WriteAsync(ModelPaths.File(file), weights, WriteMode.IfAbsent, default);
        var graph = await blobs.StoreAsync(With("weights.bin"));

        var scorer = await scorers.OpenAsync(new([graph.Graph, file]), TinyModels.Regression, default);

        Assert.Equal([80f], scorer.Score(new FeatureRows([1, 2], [], 1)));
        await Refused(graph.Files, "weights.bin"); // The same graph without the file.
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../weights.bin")]
    [InlineData("other.bin")]
    public async Task Open_TensorInAFileOfSomebodyElse_IsRefused(string location) =>
        await Refused((await blobs.StoreAsync(With(location))).Files, location);

    [Fact]
    public async Task Open_TensorInAFileWithoutAName_IsRefused() =>
        await Refused((await blobs.StoreAsync(With(null))).Files, "does not say in which");

    [Fact]
    public async Task Open_TensorInAnotherFileWithinASubgraph_IsRefused()
    {
        var model = ModelProto.Parser.ParseFrom(TinyModels.Regressor());
        var inner =
            new TensorProto { Name = "t", DataLocation = DataLocation.External,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = "deep.bin" } } };
        model.Graph.Node[0].Attribute.Add(
            new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph,
            G = new GraphProto { Name = "inner", Initializer = { inner } } });
        await Refused((await blobs.StoreAsync(model.ToByteArray())).Files, "deep.bin");
    }

    [Theory]
    [InlineData("a/b.bin")]
    [InlineData("..")]
    [InlineData("MODEL.onnx")] // The graph's own, where case does not count.
    public void Files_NameThatIsAPathOrTaken_IsRefused(string name) => Assert.Equal("model-files",
        Assert.Throws<InvalidInputException>(
        () => new ModelFiles([new(ModelFiles.GraphName, ContentId.OfBytes([1]), 1), new(name, ContentId.OfBytes([2]), 1)])).Code);

    /// <summary>The regressor with its two weights in another file.</summary>
    private static byte[] With(string? location)
    {
        var model = ModelProto.Parser.ParseFrom(TinyModels.Regressor());
        var tensor = model.Graph.Initializer.Single(t => t.Dims.SequenceEqual([2L, 1L]));
        tensor.RawData = ByteString.Empty;
        tensor.FloatData.Clear();
        tensor.DataLocation = DataLocation.External;
        if (location is not null) tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        return model.ToByteArray();
    }

    private async Task Refused(IReadOnlyList<ModelFile> files, string because)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => scorers.OpenAsync(new(files), TinyModels.Regression, default));
        Assert.Equal("model-invalid", error.Code);
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }
}
