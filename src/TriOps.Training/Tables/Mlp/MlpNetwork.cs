using TorchSharp;
using TorchSharp.Modules;
using TriOps.Onnx.Exporters.Tables;
using TriOps.Training.Loop;
using static TorchSharp.torch;

namespace TriOps.Training.Tables.Mlp;

/// <summary>The perceptron as tensors: dense layers with ReLU and dropout between them.</summary>
internal sealed class MlpNetwork : IDisposable
{
    private readonly List<NamedParameter> parameters = [];   // 0.weight (in, out), 0.bias (out), 1.weight, …

    /// <summary>A network with its first values.</summary>
    /// <param name="widths">Columns, units of each hidden layer, scores.</param>
    /// <param name="seed">Of the values.</param>
    /// <param name="device">Where they live.</param>
    public MlpNetwork(int[] widths, int seed, Device device)
    {
        var random = new Random(seed);
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            var bound = MathF.Sqrt(6f / widths[i]); // He et al. 2015, "Delving deep into rectifiers": variance 2/in
            var weights = new float[widths[i] * widths[i + 1]];
            for (var j = 0; j < weights.Length; j++) weights[j] = (random.NextSingle() * 2 - 1) * bound;
            parameters.Add(
                new($"{i}.weight", new Parameter(tensor(weights, [widths[i], widths[i + 1]], device: device), requires_grad: true)));
            parameters.Add(new($"{i}.bias", new Parameter(zeros(widths[i + 1], device: device), requires_grad: true)));
        }
    }

    /// <summary>Weights and bias of each layer, from the first.</summary>
    public IReadOnlyList<NamedParameter> Parameters => parameters;

    /// <summary>Raw scores of encoded rows. With a generator, units are dropped with probability <paramref name="dropout"/>.</summary>
    /// <param name="x">(B, width)</param>
    /// <param name="dropout">0..0.9</param>
    /// <param name="random">Decides which; null: none.</param>
    /// <returns>(B, scores)</returns>
    public Tensor Forward(Tensor x, double dropout = 0, Generator? random = null)
    {
        using Scalar one = 1, dropped = dropout, kept = 1 - dropout; // Held, as in Optimiser; add_ without an alpha makes one.
        for (var i = 0; i < parameters.Count; i += 2)
        {
            x = x.matmul(parameters[i].Tensor).add_(parameters[i + 1].Tensor, alpha: one);                        // (B, out)
            if (i == parameters.Count - 2) break;
            x = x.relu_();                                                                                        // (B, out)
            if (dropout > 0 && random is not null)
                x = (x * rand(x.shape, device: x.device, generator: random).ge(dropped)).div(kept);               // (B, out)
        }
        return x;
    }

    /// <summary>Layers of a model from parameter values, in <see cref="Parameters"/>' order; the last one brought back to the target's own
    /// scale.</summary>
    public static DenseLayer[] Layers(IReadOnlyList<NamedTensor> values, double mean, double deviation)
    {
        using var scope = NewDisposeScope();
        var layers = new DenseLayer[values.Count / 2];
        for (var i = 0; i < layers.Length; i++)
        {
            var weights = values[2 * i].Tensor.cpu().data<float>().ToArray();                                     // in × out
            var bias = values[2 * i + 1].Tensor.cpu().data<float>().ToArray();                                    // out
            if (i == layers.Length - 1)
                (weights, bias) =
                    (Array.ConvertAll(weights, w => (float)(w * deviation)), Array.ConvertAll(bias, b => (float)(b * deviation + mean)));
            layers[i] = new(weights, bias, weights.Length / bias.Length, bias.Length);
        }
        return layers;
    }

    public void Dispose()
    {
        foreach (var parameter in parameters) parameter.Tensor.Dispose();
    }
}
