using System.Diagnostics;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Training.Loop;
using TriOps.Training.Native;
using static TorchSharp.torch;

namespace TriOps.Training.Tables.Mlp;

/// <summary>A multi-layer perceptron with ReLU and dropout, trained by AdamW at a constant rate. Stops when the validation loss has not
/// fallen for <see cref="Patience"/> epochs and keeps the best one. Runs on the CUDA device when there is one.</summary>
public sealed class MlpTrainer : IModelTrainer
{
    private const int Patience = 10;
    private const int LargeStep = 1 << 22; // Multiplications a step, from which a second thread pays.

    /// <inheritdoc/>
    public ModelFamily Family => ModelFamily.Mlp;

    /// <inheritdoc/>
    public FittedModel Fit(FitRequest request, ITrainingProgress progress, ICheckpoints checkpoints, CancellationToken ct)
    {
        var (signature, train, options) = (request.Signature, request.Train, MlpOptions.From(request.Parameters));
        train.CheckLearnable(signature);
        var device = TorchRuntime.Ensure();
        Activity.Current?.SetTag("triops.device", device.type.ToString().ToLowerInvariant()); // A GPU that is paid for and not used shows.

        var encoding = Encoder.Learn(signature, train.Rows, NumberTreatment.Standardise);
        var encoder = new RowEncoder(encoding);
        set_num_threads((long)options.Batch * options.Hidden * encoder.Width < LargeStep ? 1 : TrainerThreads.Count);
        var target = signature.Task == TaskKind.Regression ? TargetScale.Of(train.Targets) : (Mean: 0, Deviation: 1);
        var targets = Array.ConvertAll(train.Targets, t => (float)((t - target.Mean) / target.Deviation));

        using var outer = NewDisposeScope();
        using var network =
            new MlpNetwork([encoder.Width, .. Enumerable.Repeat(options.Hidden, options.Layers), signature.Scores], request.Seed, device);
        var learner = new MlpLearner(network, request, encoder, options.Dropout, target, device);
        var batches = new TableBatches(encoder, train.Rows, targets, options.Batch, request.Seed);
        using var loop =
            new TrainingLoop(learner, batches,
            new(new Schedule(options.LearningRate), options.WeightDecay, options.Epochs, Patience, request.Seed),
            new LoopCheckpoint(Family, CheckpointHeader.HashOf(request)), device);
        loop.Run(progress, checkpoints, ct);
        return new MlpModel(signature, encoding, MlpNetwork.Layers(loop.Best, target.Mean, target.Deviation))
            .Measured(request.Validation, request.Seed);
    }
}
