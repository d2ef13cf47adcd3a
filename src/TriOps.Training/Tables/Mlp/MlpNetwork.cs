using TorchSharp;
using TorchSharp.Modules;
using TriOps.Onnx.Exporters.Tables;
using static TorchSharp.torch;

namespace TriOps.Training.Tables.Mlp;

/// <summary>The perceptron's parameters as tensors, with their optimiser.</summary>
internal sealed class MlpNetwork : IDisposable
{
    private readonly List<Parameter> parameters = [];   // W1 (in, out), b1 (out), W2, b2, …
    private readonly AdamW optimiser;

    public MlpNetwork(int[] widths, double learningRate, double weightDecay, int seed, Device device)
    {
        var random = new Random(seed);
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            var bound = MathF.Sqrt(6f / widths[i]); // He et al. 2015, "Delving deep into rectifiers": variance 2/in
            var weights = new float[widths[i] * widths[i + 1]];
            for (var j = 0; j < weights.Length; j++) weights[j] = (random.NextSingle() * 2 - 1) * bound;
            parameters.Add(new Parameter(tensor(weights, [widths[i], widths[i + 1]], device: device), requires_grad: true));
            parameters.Add(new Parameter(zeros(widths[i + 1], device: device), requires_grad: true));
        }
        optimiser = optim.AdamW(parameters, lr: learningRate, weight_decay: weightDecay);
    }

    /// <summary>Raw scores (B, scores) of encoded rows (B, width). With a generator, units are dropped with probability <paramref name="dropout"/>.</summary>
    public Tensor Forward(Tensor x, double dropout = 0, Generator? generator = null)
    {
        for (var i = 0; i < parameters.Count; i += 2)
        {
            x = x.matmul(parameters[i]).add_(parameters[i + 1]);                                        // (B, out)
            if (i == parameters.Count - 2) break;
            x = x.relu_();
            if (dropout > 0 && generator is not null)
                x = x * rand(x.shape, device: x.device, generator: generator).ge(dropout) / (1 - dropout);            // (B, out)
        }
        return x;
    }

    /// <summary>One step against the gradient of <paramref name="loss"/>.</summary>
    public void Step(Tensor loss)
    {
        optimiser.zero_grad();
        loss.backward();
        optimiser.step();
    }

    /// <summary>The parameters' values, one array each.</summary>
    public float[][] Values()
    {
        using var scope = NewDisposeScope();
        return [.. parameters.Select(p => p.cpu().data<float>().ToArray())];
    }

    /// <summary>Writes parameters and the optimiser's moments.</summary>
    public void Save(BinaryWriter writer)
    {
        WriteArrays(writer, Values());
        optimiser.save_state_dict(writer);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same shape.</summary>
    public void Load(BinaryReader reader)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (parameter, values) in parameters.Zip(ReadArrays(reader))) parameter.copy_(tensor(values, parameter.shape, device: parameter.device));
        optimiser.load_state_dict(reader);
    }

    public static void WriteArrays(BinaryWriter writer, float[][] arrays)
    {
        writer.Write(arrays.Length);
        foreach (var array in arrays)
        {
            writer.Write(array.Length);
            foreach (var value in array) writer.Write(value);
        }
    }

    public static float[][] ReadArrays(BinaryReader reader) => [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => ReadArray(reader)).ToList()];

    /// <summary>Layers of a model from parameter values; the last one brought back to the target's own scale.</summary>
    public static DenseLayer[] Layers(float[][] values, double mean, double deviation)
    {
        var layers = new DenseLayer[values.Length / 2];
        for (var i = 0; i < layers.Length; i++)
        {
            var (weights, bias, last) = (values[2 * i], values[2 * i + 1], i == layers.Length - 1);
            layers[i] = new(last ? Array.ConvertAll(weights, w => (float)(w * deviation)) : weights, last ? Array.ConvertAll(bias, b => (float)(b * deviation + mean)) : bias,
                weights.Length / bias.Length, bias.Length);
        }
        return layers;
    }

    public void Dispose()
    {
        optimiser.Dispose();
        foreach (var parameter in parameters) parameter.Dispose();
    }

    private static float[] ReadArray(BinaryReader reader)
    {
        var array = new float[reader.ReadInt32()];
        for (var i = 0; i < array.Length; i++) array[i] = reader.ReadSingle();
        return array;
    }
}
