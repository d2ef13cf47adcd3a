using TorchSharp;
using TorchSharp.Modules;
using TriOps.Core.Families;
using TriOps.Training.Loop;
using TriOps.Training.Native;
using static TorchSharp.torch;

namespace TriOps.Training.Tests.Loop;

/// <summary>One matrix that learns to give the sum of its inputs; its evaluation is the test's own.</summary>
internal sealed class Toy : ILearner, IDisposable
{
    private readonly Parameter weights;

    public Toy(int width)
    {
        Device = TorchRuntime.Ensure();
        weights = new(zeros(width, 1, device: Device), requires_grad: true);
        Parameters = [new("weights", weights)];
    }

    public Device Device { get; }
    public IReadOnlyList<NamedParameter> Parameters { get; }
    public List<string> Calls { get; } = [];
    public float Scale { get; init; } = 1;
    /// <summary>The validation loss of an epoch, from 1.</summary>
    public Func<int, double> Judge { get; init; } = epoch => 1.0 / epoch;
    public int Epochs { get; private set; }
    public float First => weights.cpu().data<float>()[0];
    public double GradientNorm => weights.grad!.norm().item<float>();

    public Tensor Forward(Tensor x, Generator random)
    {
        Calls.Add("forward");
        return x.matmul(weights); // (B, 1)
    }

    public Tensor Loss(Tensor outputs, Tensor y)
    {
        Calls.Add("loss");
        using var scale = Scale.ToScalar();
        return nn.functional.mse_loss(outputs.squeeze(1).mul(scale), y); // ()
    }

    public Evaluation Evaluate(double trainLoss)
    {
        Calls.Add("evaluate");
        var loss = Judge(++Epochs);
        return new(loss, [new("train/loss", trainLoss), new("validation/loss", loss)]);
    }

    public TrainingLoop Loop(IBatches batches, LoopOptions options) =>
        new(this, batches, options, new LoopCheckpoint(ModelFamily.Mlp, "toy"), Device);

    public void Dispose() => weights.Dispose();
}

/// <summary>Items that are computed when they are asked for: there may be more of them than any memory holds.</summary>
internal sealed class ComputedBatches(long items, int size, int width, Toy? toy = null) : IBatches
{
    public long Items => items;
    public BatchCursor Cursor { get; private set; }
    public void MoveTo(BatchCursor cursor) => Cursor = cursor;

    public Batch Next(Device device)
    {
        toy?.Calls.Add("batch");
        var count = (int)Math.Min(size, items - Cursor.Item);
        var random = new Random((int)(Cursor.Item % int.MaxValue) ^ Cursor.Epoch);
        var values = Enumerable.Range(0, count * width).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var targets = values.Chunk(width).Select(row => row.Sum()).ToArray();
        Cursor = Cursor.Item + count == items ? new(Cursor.Epoch + 1, 0) : Cursor with { Item = Cursor.Item + count };
        return new(tensor(values, [count, width], device: device), tensor(targets, device: device)); // (B, width), (B)
    }
}
