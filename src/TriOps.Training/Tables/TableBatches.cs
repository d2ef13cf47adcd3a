using System.Runtime.InteropServices;
using TorchSharp;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Training.Loop;
using static TorchSharp.torch;

namespace TriOps.Training.Tables;

/// <summary>Batches of a table. Rows are encoded as they are asked for: the matrix, as wide as all categories have values, exists for one
/// batch at a time.</summary>
/// <param name="encoder">Of the features.</param>
/// <param name="rows">What is learned from.</param>
/// <param name="targets">Per row.</param>
/// <param name="size">Rows of a batch, from 1.</param>
/// <param name="seed">Of their order.</param>
public sealed class TableBatches(RowEncoder encoder, FeatureRows rows, float[] targets, int size, int seed) : IBatches
{
    private readonly ShuffledOrder order = new(rows.Count, seed);

    /// <inheritdoc/>
    public long Items => rows.Count;

    /// <inheritdoc/>
    public BatchCursor Cursor { get; private set; }

    /// <inheritdoc/>
    public void MoveTo(BatchCursor cursor) => Cursor = cursor;

    /// <inheritdoc/>
    public Batch Next(Device device)
    {
        var (epoch, start) = ((int)Cursor.Epoch, (int)Cursor.Item);
        var count = Math.Min(size, rows.Count - start);
        var positions = order.Of(epoch).Slice(start, count);
        var y = empty(count);                                                                              // (B)
        for (var i = 0; i < count; i++) Floats(y)[i] = targets[positions[i]];
        var batch = new Batch(Encode(encoder, rows, positions).to(device), y.to(device));                  // (B, width), (B)
        Cursor = start + count == rows.Count ? new(epoch + 1, 0) : new(epoch, start + count);
        return batch;
    }

    /// <summary>Rows as a matrix on the processor, in memory that libtorch aligned: where rows lie must not change the bits of what is
    /// computed from them.</summary>
    /// <returns>(positions, width)</returns>
    public static Tensor Encode(RowEncoder encoder, FeatureRows rows, ReadOnlySpan<int> positions)
    {
        var x = empty(positions.Length, encoder.Width);
        var values = Floats(x);
        for (var i = 0; i < positions.Length; i++) encoder.Encode(rows, positions[i], values.Slice(i * encoder.Width, encoder.Width));
        return x;
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
