using static TorchSharp.torch;

namespace TriOps.Training.Loop;

/// <summary>The one loop of gradient descent by minibatch. Top to bottom: schedule, batch, forward, backward, clip, step, evaluate,
/// checkpoint, log. B: items of a batch; K: outputs an item.</summary>
/// <remarks>On a processor a loop that is resumed from any of its checkpoints gives the same bits as one that was never stopped:
/// parameters, moments, the state of the random generator and the place in the shuffled items are all in the checkpoint.</remarks>
public sealed class TrainingLoop : IDisposable
{
    private readonly ILearner learner;
    private readonly IBatches batches;
    private readonly LoopOptions options;
    private readonly LoopCheckpoint checkpoint;
    private readonly Device device;
    private readonly Optimiser optimiser;
    private readonly Generator random;
    private LoopState state = new();

    /// <summary>A loop at its beginning.</summary>
    /// <param name="learner">What is trained.</param>
    /// <param name="batches">What it learns from; at its beginning, too.</param>
    /// <param name="options">How.</param>
    /// <param name="checkpoint">Whose checkpoints are read and written.</param>
    /// <param name="device">Where the learner's parameters are.</param>
    public TrainingLoop(ILearner learner, IBatches batches, LoopOptions options, LoopCheckpoint checkpoint, Device device)
    {
        (this.learner, this.batches, this.options, this.checkpoint, this.device) = (learner, batches, options, checkpoint, device);
        optimiser = new(learner.Parameters, options.WeightDecay);
        random = new((ulong)(uint)options.Seed, device);
    }

    /// <summary>The parameters with the lowest validation loss so far. They live as long as the loop.</summary>
    public IReadOnlyList<NamedTensor> Best => optimiser.Best;

    /// <summary>Runs to the last epoch, or until the validation loss has not fallen for as long as the options' patience, from the last
    /// checkpoint if there is one.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop: within a step, after a checkpoint.</exception>
    public void Run(ITrainingProgress progress, ICheckpoints checkpoints, CancellationToken ct)
    {
        Resume(progress, checkpoints);
        while (state.Cursor.Epoch < options.Epochs && state.Cursor.Epoch - state.BestEpoch < options.Patience)
        {
            using var scope = NewDisposeScope();                 // Per step: nothing outlives it.

            var rate = options.Schedule.At(state.Step);
            var (x, y) = NextBatch();                            // (B, …), (B, …)
            var outputs = learner.Forward(x, random);            // (B, K)
            var loss = learner.Loss(outputs, y);                 // ()
            optimiser.Backward(loss);                            // gradients, each as its parameter
            optimiser.Clip(options.MaxGradientNorm);
            optimiser.Step(rate, state.Step + 1);
            Count(loss.item<float>(), x.shape[0]);               // (), B
            var points = EvaluateAtEpochsEnd();
            SaveWhenDue(checkpoints, ct);
            Log(progress, points);
        }
        progress.Report(1);
    }

    private void Resume(ITrainingProgress progress, ICheckpoints checkpoints)
    {
        state = checkpoint.Restore(checkpoints, optimiser, random, progress);
        batches.MoveTo(state.Cursor);
        Log(progress, state.Recent);
        state.Recent = [];
    }

    // What is random in an epoch does not depend on the epochs before it.
    private Batch NextBatch()
    {
        if (state.Cursor.Item == 0) random.manual_seed((uint)ShuffledOrder.SeedOf(options.Seed, state.Cursor.Epoch));
        return batches.Next(device);
    }

    private void Count(float loss, long items)
    {
        state.Step++;
        state.Cursor = batches.Cursor;
        state.LossSum += loss * items;
        state.LossItems += items;
    }

    private List<LoopPoint> EvaluateAtEpochsEnd()
    {
        if (state.Cursor.Item != 0) return [];
        var found = learner.Evaluate(state.LossSum / state.LossItems);
        (state.LossSum, state.LossItems) = (0, 0);
        if (found.Loss < state.BestLoss)
        {
            (state.BestEpoch, state.BestLoss) = (state.Cursor.Epoch, found.Loss);
            optimiser.KeepBest();
        }
        var points = found.Curves.Select(c => new LoopPoint(c.Key, state.Cursor.Epoch, c.Value)).ToList();
        state.Recent.AddRange(points);
        return points;
    }

    private void SaveWhenDue(ICheckpoints checkpoints, CancellationToken ct)
    {
        if (!checkpoints.Due && !ct.IsCancellationRequested) return;
        checkpoint.Save(checkpoints, state, optimiser, random);
        state.Recent = [];
        ct.ThrowIfCancellationRequested();
    }

    private void Log(ITrainingProgress progress, List<LoopPoint> points)
    {
        foreach (var point in points) progress.Log(point.Key, point.Epoch, point.Value);
        progress.Report((state.Cursor.Epoch + (double)state.Cursor.Item / batches.Items) / options.Epochs);
    }

    /// <summary>Frees the moments and the best parameters; the learner's own stay.</summary>
    public void Dispose()
    {
        optimiser.Dispose();
        random.Dispose();
    }
}
