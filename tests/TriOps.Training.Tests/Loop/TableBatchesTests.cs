using TriOps.Core.Families;
using TriOps.Training.Loop;
using TriOps.Training.Native;
using TriOps.Training.Tables;
using static TorchSharp.torch;

namespace TriOps.Training.Tests.Loop;

public sealed class TableBatchesTests
{
    private static readonly TrainingTable Table = Samples.Table(TaskKind.Regression, 50, 4);
    private readonly Device device = TorchRuntime.Ensure();

    [Fact]
    public void Next_TwoEpochs_HasEveryRowOnceInEachAndInAnotherOrder()
    {
        using var scope = NewDisposeScope();
        var batches = Batches(8);
        var first = Enumerable.Range(0, 7).SelectMany(_ => Targets(batches)).ToList();
        Assert.Equal(new(1, 0), batches.Cursor);
        var second = Enumerable.Range(0, 7).SelectMany(_ => Targets(batches)).ToList();
        Assert.Equal(Table.Targets.Order(), first.Order());
        Assert.Equal(Table.Targets.Order(), second.Order());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Next_Rows_AreEncodedAsTheWholeTableIs()
    {
        using var scope = NewDisposeScope();
        var encoding = Encoding();
        var whole = Encoder.Encode(encoding, Table.Rows, 0, 50);
        var batch = Batches(8).Next(device);
        for (var i = 0; i < 8; i++)
        {
            var row = Array.IndexOf(Table.Targets, batch.Y.cpu().data<float>()[i]); // Targets are all different.
            Assert.Equal(whole[row].ToArray(), batch.X[i].cpu().data<float>().ToArray());
        }
    }

    [Theory, InlineData(0, 16), InlineData(1, 0), InlineData(3, 48)]
    public void MoveTo_ACursor_GoesOnAsOneThatArrivedThere(int epoch, long item)
    {
        using var scope = NewDisposeScope();
        var (walked, moved) = (Batches(8), Batches(8));
        while (walked.Cursor != new BatchCursor(epoch, item)) walked.Next(device);
        moved.MoveTo(new(epoch, item));
        for (var i = 0; i < 9; i++) Assert.Equal(Targets(walked), Targets(moved)); // Past an epoch's end.
    }

    private List<float> Targets(TableBatches batches) => [.. batches.Next(device).Y.cpu().data<float>()];

    private static Onnx.Exporters.Tables.FeatureEncoding Encoding() =>
        Encoder.Learn(Samples.Signature(TaskKind.Regression), Table.Rows, NumberTreatment.Standardise);

    private static TableBatches Batches(int size) => new(new RowEncoder(Encoding()), Table.Rows, Table.Targets, size, seed: 3);
}
