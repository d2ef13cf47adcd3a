using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Serving.Models;

/// <summary>Holds a graph's inputs and outputs against a <see cref="TableSignature"/>.</summary>
internal static class SignatureCheck
{
    /// <summary>The name of the output to read.</summary>
    /// <exception cref="InvalidInputException">They differ (code model-invalid).</exception>
    public static string Run(InferenceSession session, TableSignature signature, string name)
    {
        var output = signature.Task == TaskKind.Regression ? "prediction" : "probabilities";
        if (signature.Outputs == 0) throw Invalid($"{name}: its signature names no classes.");
        Expect(session.InputMetadata, "numbers", "input", TensorElementType.Float, signature.Numbers.Count);
        Expect(session.InputMetadata, "categories", "input", TensorElementType.String, signature.Categories.Count);
        Expect(session.OutputMetadata, output, "output", TensorElementType.Float, signature.Outputs);
        if (session.InputMetadata.Keys.FirstOrDefault(k => k is not ("numbers" or "categories")) is { } other)
            throw Invalid($"{name} wants an input '{other}'. Only 'numbers' and 'categories' are fed.");
        return output;

        void Expect(IReadOnlyDictionary<string, NodeMetadata> nodes, string node, string noun, TensorElementType type, int columns)
        {
            if (!nodes.TryGetValue(node, out var found))
            {
                if (columns > 0)
                    throw Invalid($"{name} has no {noun} '{node}', which its signature wants with {columns} columns; it has: "
                        + $"{string.Join(", ", nodes.Keys)}.");
                return;
            }
            if (columns == 0) throw Invalid($"{name} has an {noun} '{node}', but its signature gives it no columns.");
            if (!found.IsTensor || found.ElementDataType != type || found.Dimensions.Length != 2
                || (found.Dimensions[1] >= 0 && found.Dimensions[1] != columns) || found.Dimensions[0] > 1)
                throw Invalid(
                    $"{name}: {noun} '{node}' is "
                    + $"{(found.IsTensor ? $"{found.ElementDataType} [{string.Join(", ", found.Dimensions)}]" : "no tensor")}, but its "
                    + $"signature wants {type} [N, {columns}].");
        }
    }

    private static InvalidInputException Invalid(string message) => new("model-invalid", message);
}
