namespace TriOps.Training.Loop;

/// <summary>Where a loop is, beside its tensors. Stored as JSON in a checkpoint.</summary>
public sealed class LoopState
{
    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>Where the next batch begins.</summary>
    public BatchCursor Cursor { get; set; }

    /// <summary>Sum of the losses of the epoch's items so far.</summary>
    public double LossSum { get; set; }

    /// <summary>How many they are.</summary>
    public long LossItems { get; set; }

    /// <summary>Epochs that were done when the validation loss was lowest; 0 before the first.</summary>
    public int BestEpoch { get; set; }

    /// <summary>That loss.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>Points of curves since the checkpoint before this one. What is logged reaches the run a moment later: who resumes logs them
    /// again, so that a curve has no hole wherever the run was killed.</summary>
    public List<LoopPoint> Recent { get; set; } = [];
}

/// <summary>A point of a curve.</summary>
/// <param name="Key">As in <see cref="ITrainingProgress.Log"/>.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Value">May be NaN.</param>
public sealed record LoopPoint(string Key, int Epoch, double Value);
