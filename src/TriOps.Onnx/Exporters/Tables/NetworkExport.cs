using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Graphs;

namespace TriOps.Onnx.Exporters.Tables;

/// <summary>A dense layer: y = x·W + b.</summary>
/// <param name="Weights">Row-major, inputs × outputs.</param>
/// <param name="Bias">Length outputs.</param>
/// <param name="Inputs">≥1.</param>
/// <param name="Outputs">≥1.</param>
public sealed record DenseLayer(float[] Weights, float[] Bias, int Inputs, int Outputs);

/// <summary>Linear models and multi-layer perceptrons: dense layers with ReLU between them.</summary>
public static class NetworkExport
{
    /// <summary>Writes the model whose raw scores are the last layer's outputs. One layer is a linear or logistic regression.</summary>
    public static void Write(Stream stream, TableSignature signature, FeatureEncoding encoding, IReadOnlyList<DenseLayer> layers)
    {
        var graph = new GraphBuilder("network");
        var x = EncodingExport.AddTo(graph, signature, encoding);                     // (N, width)
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            // (N, outputs)
            x = graph.Node("Gemm", [x, graph.Constant(layer.Weights, layer.Inputs, layer.Outputs), graph.Constant(layer.Bias)]);
            if (i < layers.Count - 1) x = graph.Node("Relu", [x]);
        }
        OutputExport.AddTo(graph, signature, x);
        graph.Save(stream);
    }
}
