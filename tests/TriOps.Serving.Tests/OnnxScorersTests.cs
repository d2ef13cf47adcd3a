using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Onnx.Graphs;
using TriOps.Onnx.Protobuf;
using TriOps.Serving.Models;
using TriOps.Serving.Store;
using Google.Protobuf;

namespace TriOps.Serving.Tests;

public sealed class OnnxScorersTests : IDisposable
{
    private readonly FailingBlobs blobs = new();
    private readonly OnnxScorers scorers;
    private readonly ModelFolder folder;

    public OnnxScorersTests()
    {
        var options = new ServingOptions { MaxModels = 2 };
        folder = new ModelFolder(blobs, options, TimeProvider.System);
        scorers = new OnnxScorers(folder, options);
    }

    public void Dispose()
    {
        scorers.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(2500)]
    public async Task Score_AnyNumberOfRows_IsTheGraphsArithmetic(int count)
    {
        var scorer = await scorers.OpenAsync(await blobs.StoreAsync(TinyModels.Classifier()), TinyModels.Binary, default);
        var rows = new FeatureRows([.. Enumerable.Range(0, count).SelectMany(i => new[] { i % 7f, i % 3f })],
            [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? "left" : "elsewhere")], count);
        for (var repeat = 0; repeat < 2; repeat++)
        {
            var outputs = scorer.Score(rows);
            Assert.Equal(count * 2, outputs.Length);
            for (var i = 0; i < count; i++)
                Assert.Equal(1 / (1 + Math.Exp(-((i % 7) - (i % 3) + (i % 2 == 0 ? 1 : 0)))), outputs[(2 * i) + 1], 5);
        }
    }

    [Fact]
    public async Task Score_FromManyThreads_NeverMixesRows()
    {
        var scorer = await scorers.OpenAsync(await blobs.StoreAsync(TinyModels.Regressor()), TinyModels.Regression, default);
        Parallel.For(0, 2000, i => Assert.Equal((2f * i) + 3, scorer.Score(new FeatureRows([i, 1], [], 1))[0]));
    }

    [Fact]
    public async Task Open_ManyAtOnce_ReadsTheModelOnce()
    {
        var files = await blobs.StoreAsync(TinyModels.Regressor());
        var gate = new TaskCompletionSource();
        blobs.Gate = gate.Task;
        var opening = Enumerable.Range(0, 20).Select(_ => scorers.OpenAsync(files, TinyModels.Regression, default)).ToList();
        gate.SetResult();
        await Task.WhenAll(opening);
        Assert.Equal(1, blobs.Reads);
        Assert.Equal(1, scorers.Live);
    }

    [Fact]
    public async Task Open_MoreModelsThanTheCacheHolds_DisposesOnlyTheUnused()
    {
        var held = (IDisposable)await OpenAsync(0);
        var dropped = (IDisposable)await OpenAsync(1);
        dropped.Dispose();
        _ = await OpenAsync(2);
        var third = await OpenAsync(3);
        // 0 and 1 have left the cache; 0 is still held.
        Assert.Equal(3, scorers.Live);
        Assert.Equal(0.5f, ((IScorer)held).Score(new FeatureRows([0, 0], [""], 1))[1]);
        held.Dispose();
        Assert.Equal(2, scorers.Live);
        Assert.NotNull(third.Score(new FeatureRows([0, 0], [""], 1)));

        async Task<IScorer> OpenAsync(float bias) =>
            await scorers.OpenAsync(await blobs.StoreAsync(TinyModels.Classifier(bias)), TinyModels.Binary, default);
    }

    [Fact]
    public async Task Open_StorageAwayThenBack_LoadsTheSecondTime()
    {
        var files = await blobs.StoreAsync(TinyModels.Regressor());
        blobs.Away = true;
        await Assert.ThrowsAsync<IOException>(() => scorers.OpenAsync(files, TinyModels.Regression, default));
        blobs.Away = false;
        Assert.Equal(5f, (await scorers.OpenAsync(files, TinyModels.Regression, default)).Score(new FeatureRows([1, 1], [], 1))[0]);
    }

    [Fact]
    public async Task Open_BlobWasChanged_IsRefused()
    {
        var files = await blobs.StoreAsync(TinyModels.Regressor());
        var changed = TinyModels.Regressor();
        changed[^1] ^= 1;
        await blobs.WriteAsync(ModelPaths.File(files.Graph), changed, WriteMode.Replace, default);
        await Refused(files, TinyModels.Regression, "hashes to");
        await blobs.WriteAsync(ModelPaths.File(files.Graph), TinyModels.Classifier(), WriteMode.Replace, default);
        await Refused(files, TinyModels.Regression, "bytes, not");
    }

    [Fact]
    public async Task Open_FileAboveTheLimit_IsRefusedUnread()
    {
        var limits = new ServingOptions { MaxModelBytes = 10 };
        using var none = new ModelFolder(blobs, limits, TimeProvider.System);
        using var small = new OnnxScorers(none, limits);
        var files = await blobs.StoreAsync(TinyModels.Regressor());
        Assert.Equal("model-invalid",
            (await Assert.ThrowsAsync<InvalidInputException>(() => small.OpenAsync(files, TinyModels.Regression, default))).Code);
        Assert.Equal(0, blobs.Reads);
    }

    [Fact]
    public async Task Open_NoSuchBlob_IsRefused() =>
        await Refused(ModelFiles.Of(ContentId.OfBytes("none"u8), 4), TinyModels.Regression, "no model file");

    [Theory]
    [InlineData("")]
    [InlineData("not an onnx file at all")]
    [InlineData("\u0008")]
    public async Task Open_Garbage_IsRefused(string text) =>
        await Refused(await blobs.StoreAsync(System.Text.Encoding.UTF8.GetBytes(text)), TinyModels.Regression, "");

    [Fact]
    public async Task Open_GraphOfAnotherSignature_NamesWhatDiffers()
    {
        var files = await blobs.StoreAsync(TinyModels.Regressor());
        await Refused(files, TinyModels.Binary, "'categories'");
        await Refused(files, TinyModels.Regression with { Numbers = ["radius"] }, "[N, 1]");
        await Refused(await blobs.StoreAsync(TinyModels.Classifier()), TinyModels.Binary with { Classes = ["a", "b", "c"] },
            "probabilities");
    }

    [Fact]
    public async Task Open_InputNobodyFeeds_IsRefused()
    {
        var graph = new GraphBuilder("tiny");
        var sum = graph.Node("Add", [graph.Input("numbers", ElementType.Float, "N", 2), graph.Input("secret", ElementType.Float, "N", 2)]);
        graph.Output(graph.Node("ReduceSum", [sum, graph.Constant([1L])], Attr.Int("keepdims", 1)), "prediction",
            ElementType.Float, "N", 1);
        await Refused(await blobs.StoreAsync(TinyModels.Bytes(graph)), TinyModels.Regression, "'secret'");
    }

    [Fact]
    public async Task Open_UnknownOperator_IsRefused()
    {
        var graph = new GraphBuilder("tiny");
        graph.Output(graph.Node("evil.domain", "Run", [graph.Input("numbers", ElementType.Float, "N", 2)]), "prediction",
            ElementType.Float, "N", 1);
        await Refused(await blobs.StoreAsync(TinyModels.Bytes(graph)), TinyModels.Regression, "");
    }

    private async Task Refused(ModelFiles files, TableSignature signature, string because)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => scorers.OpenAsync(files, signature, default));
        Assert.Equal("model-invalid", error.Code);
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }
}
