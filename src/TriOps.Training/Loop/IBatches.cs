using TorchSharp;

namespace TriOps.Training.Loop;

/// <summary>What a loop learns from, batch after batch, for ever. A source holds what it must, never the whole set as tensors. Which items
/// a batch has depends on the cursor and the source's seed alone, so that a source moved to a cursor goes on exactly as one that has
/// arrived there. Used by one thread.</summary>
public interface IBatches
{
    /// <summary>Items of an epoch; at least 1.</summary>
    long Items { get; }

    /// <summary>Where the next batch begins.</summary>
    BatchCursor Cursor { get; }

    /// <summary>Goes to a cursor that this source, or one like it, has had.</summary>
    void MoveTo(BatchCursor cursor);

    /// <summary>The next batch; its tensors belong to the caller's dispose scope. An epoch's last batch may be smaller, and moves the
    /// cursor to the next epoch.</summary>
    Batch Next(torch.Device device);
}

/// <summary>A place among the batches.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Item">Items of the epoch that are done.</param>
public readonly record struct BatchCursor(int Epoch, long Item);

/// <summary>Items and what is to be learned of them.</summary>
/// <param name="X">(B, …)</param>
/// <param name="Y">(B, …)</param>
public readonly record struct Batch(torch.Tensor X, torch.Tensor Y);
