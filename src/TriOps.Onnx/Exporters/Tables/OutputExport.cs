using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Graphs;

namespace TriOps.Onnx.Exporters.Tables;

/// <summary>The outputs of a model's graph, and what the file says of itself.</summary>
public static class OutputExport
{
    /// <summary>The metadata property that holds the <see cref="TableSignature"/> as JSON.</summary>
    public const string SignatureKey = "triops.signature";

    /// <summary>Turns raw scores, FP32 [N, <see cref="TableSignature.Scores"/>], into "probabilities" (logistic or softmax) or
    /// "prediction", and records the signature.</summary>
    public static void AddTo(GraphBuilder graph, TableSignature signature, Value scores)
    {
        switch (signature.Task)
        {
            case TaskKind.Regression:
                graph.Output(scores, "prediction", ElementType.Float, "N", 1);
                break;
            case TaskKind.Binary:
                var both = graph.Node("Concat", [graph.Node("Neg", [scores]), scores], Attr.Int("axis", 1)); // (N, 2)
                graph.Output(graph.Node("Sigmoid", [both]), "probabilities", ElementType.Float, "N", 2);
                break;
            default:
                graph.Output(graph.Node("Softmax", [scores], Attr.Int("axis", 1)), "probabilities", ElementType.Float, "N",
                    signature.Classes.Count);
                break;
        }
        graph.SetMetadata(SignatureKey, JsonSerializer.Serialize(signature, TriOpsJson.Options));
    }
}
