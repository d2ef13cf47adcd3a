using System.Diagnostics;
using TorchSharp;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Onnx.Exporters.Tables;
using TriOps.Training.Native;
using TriOps.Training.Tables;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TriOps.Training.Tables.Mlp;

/// <summary>A multi-layer perceptron with ReLU and dropout, trained by AdamW. Hyperparameters: hidden (1..4096; 64) units in each of layers (1..8; 2), learning_rate
/// (1e-6..1; 1e-3), weight_decay (0..1; 1e-4), dropout (0..0.9; 0.1), epochs (1..1000; 30), batch_size (1..65536; 64). Stops when the validation loss has not fallen for
/// <see cref="Patience"/> epochs and keeps the best one. Checkpoints lie between epochs; a resumed fit gives
/// the same bits as an uninterrupted one on the same kind of processor. Runs on the CUDA device when there is one.</summary>
public sealed class MlpTrainer : IModelTrainer
{
    private const int Patience = 10;
    private const int LargeStep = 1 << 22; // Multiplications a step, from which a second thread pays.

    /// <inheritdoc/>
    public ModelFamily Family => ModelFamily.Mlp;

    /// <inheritdoc/>
    public FittedModel Fit(FitRequest request, ITrainingProgress progress, ICheckpoints checkpoints, CancellationToken ct)
    {
        var (signature, (hidden, layers, learningRate, weightDecay, dropout, epochs, batch)) = (request.Signature, MlpOptions.From(request.Parameters));
        request.Train.CheckLearnable(signature);
        var device = TorchRuntime.Ensure();
        Activity.Current?.SetTag("triops.device", device.type.ToString().ToLowerInvariant()); // A GPU that is paid for and not used shows.

        var encoding = Encoder.Learn(signature, request.Train.Rows, NumberTreatment.Standardise);
        int[] widths = [encoding.Width, .. Enumerable.Repeat(hidden, layers), signature.Scores];
        set_num_threads((long)batch * hidden * encoding.Width < LargeStep ? 1 : TrainerThreads.Count);
        var (mean, deviation) = signature.Task == TaskKind.Regression ? TargetScale.Of(request.Train.Targets) : (0, 1);
        using var outer = NewDisposeScope();
        var x = Matrix(Encoder.Encode(encoding, request.Train.Rows, 0, request.Train.Rows.Count), device);                     // (N, width)
        var y = tensor(Array.ConvertAll(request.Train.Targets, t => (float)((t - mean) / deviation)), device: device);         // (N)
        var held = Matrix(Encoder.Encode(encoding, request.Validation.Rows, 0, request.Validation.Rows.Count), device);        // (V, width)

        using var network = new MlpNetwork(widths, learningRate, weightDecay, request.Seed, device);
        var (hash, bestValues) = (CheckpointHeader.HashOf(request), network.Values());
        if (CheckpointHeader.TryRead(checkpoints.Load(), Family, hash, out var best, out var state)) bestValues = Restore(network, state);

        for (var epoch = best.Step + 1; epoch <= epochs && epoch - best.BestStep <= Patience; epoch++)
        {
            var trainLoss = Epoch(network, x, y, signature, batch, dropout, seed: unchecked(request.Seed * 1_000_003 + epoch));
            var outputs = HeldOutOutputs(network, held, signature, mean, deviation);
            var loss = ValidationLoss.Of(signature, outputs, request.Validation.Targets);
            best = best with { Step = epoch };
            if (loss < best.BestLoss) (best, bestValues) = (best with { BestStep = epoch, BestLoss = loss }, network.Values());
            progress.Log("train/loss", epoch, signature.Task == TaskKind.Regression ? Math.Sqrt(trainLoss) * deviation : trainLoss);
            progress.Log("validation/loss", epoch, loss);
            ValidationMetrics.LogObjective(progress, request, outputs, epoch);
            progress.Report((double)epoch / epochs);
            if (!checkpoints.Due && !ct.IsCancellationRequested) continue;
            checkpoints.Save(best.With(State(network, bestValues)));
            ct.ThrowIfCancellationRequested();
        }
        progress.Report(1);
        return new MlpModel(signature, encoding, MlpNetwork.Layers(bestValues, mean, deviation)).Measured(request.Validation, request.Seed);
    }

    // One pass over the rows in an order of the epoch's own. Returns the mean loss on the way.
    private static double Epoch(MlpNetwork network, Tensor x, Tensor y, ModelSignature signature, int batch, double dropout, int seed)
    {
        var order = Enumerable.Range(0, (int)x.shape[0]).Select(i => (long)i).ToArray();
        new Random(seed).Shuffle(order);
        using var generator = new Generator((ulong)(uint)seed, x.device);
        double sum = 0;
        for (var start = 0; start < order.Length; start += batch)
        {
            using var scope = NewDisposeScope(); // Per step: nothing outlives it.
            var rows = tensor(order[start..Math.Min(order.Length, start + batch)], device: x.device);                          // (B)
            var scores = network.Forward(x.index_select(0, rows), dropout, generator);                                         // (B, scores)
            var loss = Loss(signature, scores, y.index_select(0, rows));                                                         // ()
            network.Step(loss);
            sum += loss.item<float>() * rows.shape[0];
        }
        return sum / order.Length;
    }

    private static Tensor Loss(ModelSignature signature, Tensor scores, Tensor targets) => signature.Task switch
    {
        TaskKind.Regression => F.mse_loss(scores.squeeze(1), targets),
        TaskKind.Binary => F.binary_cross_entropy_with_logits(scores.squeeze(1), targets),
        _ => F.cross_entropy(scores, targets.to(ScalarType.Int64)),
    };

    private static float[] HeldOutOutputs(MlpNetwork network, Tensor held, ModelSignature signature, double mean, double deviation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var scores = network.Forward(held).cpu().data<float>().Select(s => s * deviation + mean).ToArray();                    // V × scores
        var outputs = new float[scores.Length / signature.Scores * signature.Outputs];
        OutputLink.Apply(signature, scores, outputs);
        return outputs;
    }

    private static Tensor Matrix(EncodedRows rows, Device device) => tensor(rows.Values, [rows.Count, rows.Width], device: device);

    private static byte[] State(MlpNetwork network, float[][] best)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        MlpNetwork.WriteArrays(writer, best);
        network.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static float[][] Restore(MlpNetwork network, ReadOnlyMemory<byte> state)
    {
        using var reader = new BinaryReader(new MemoryStream(state.ToArray()));
        var best = MlpNetwork.ReadArrays(reader);
        network.Load(reader);
        return best;
    }
}
