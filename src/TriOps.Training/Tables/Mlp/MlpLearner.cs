using TorchSharp;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Training.Loop;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TriOps.Training.Tables.Mlp;

/// <summary>The perceptron with its loss, judged on the validation rows.</summary>
/// <param name="network">What learns.</param>
/// <param name="request">Has the validation rows.</param>
/// <param name="encoder">Of the features.</param>
/// <param name="dropout">0..0.9</param>
/// <param name="target">Where a regression's targets lie; scores are in its deviations.</param>
/// <param name="device">Where the network is.</param>
internal sealed class MlpLearner(MlpNetwork network, FitRequest request, RowEncoder encoder, double dropout,
    (double Mean, double Deviation) target, Device device) : ILearner
{
    private const int BlockRows = 4096;
    private readonly int[] positions = [.. Enumerable.Range(0, request.Validation.Rows.Count)];

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> Parameters => network.Parameters;

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, Generator random) => network.Forward(x, dropout, random);                    // (B, scores)

    /// <inheritdoc/>
    public Tensor Loss(Tensor outputs, Tensor y) => request.Signature.Task switch
    {
        TaskKind.Regression => F.mse_loss(outputs.squeeze(1), y),                                                // ()
        TaskKind.Binary => F.binary_cross_entropy_with_logits(outputs.squeeze(1), y),                            // ()
        _ => F.cross_entropy(outputs, y.to(ScalarType.Int64)),                                                   // ()
    };

    /// <inheritdoc/>
    public Evaluation Evaluate(double trainLoss)
    {
        var (outputs, targets) = (Outputs(), request.Validation.Targets);
        var loss = ValidationLoss.Of(request.Signature, outputs, targets);
        var curves = new List<KeyValuePair<string, double>>
        {
            new("train/loss", request.Signature.Task == TaskKind.Regression ? Math.Sqrt(trainLoss) * target.Deviation : trainLoss),
            new("validation/loss", loss),
        };
        if (ValidationMetrics.Of(request.Signature, outputs, targets).TryGetValue(request.Objective, out var objective))
            curves.Add(new($"validation/{request.Objective}", objective));
        return new(loss, curves);
    }

    // Row-major, validation rows × outputs.
    private float[] Outputs()
    {
        using var noGrad = no_grad();
        var signature = request.Signature;
        var outputs = new float[positions.Length * signature.Outputs];
        for (var start = 0; start < positions.Length; start += BlockRows)
        {
            using var scope = NewDisposeScope();
            var block = positions.AsSpan(start, Math.Min(BlockRows, positions.Length - start));
            var x = TableBatches.Encode(encoder, request.Validation.Rows, block).to(device);                     // (B, width)
            var scores = network.Forward(x).cpu().data<float>().Select(s => s * target.Deviation + target.Mean); // B × scores
            OutputLink.Apply(signature, [.. scores], outputs.AsSpan(start * signature.Outputs, block.Length * signature.Outputs));
        }
        return outputs;
    }
}
