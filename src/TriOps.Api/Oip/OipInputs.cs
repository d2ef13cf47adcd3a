using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Serving.Predictions;

namespace TriOps.Api.Oip;

/// <summary>From a request's tensors to rows in a model's layout.</summary>
internal static class OipInputs
{
    /// <summary>The rows.</summary>
    /// <param name="request">With "numbers" (any numeric datatype, [N, numeric features]) and "categories" (BYTES, [N, categorical
    /// features]), each as the signature wants.</param>
    /// <param name="signature">The model's.</param>
    /// <param name="binary">What follows the JSON: the tensors with binary_data_size, in order.</param>
    /// <exception cref="InvalidInputException">They do not fit (code tensor-invalid).</exception>
    public static FeatureRows Read(InferRequest request, TableSignature signature, ReadOnlySpan<byte> binary)
    {
        float[]? numbers = null;
        string[]? categories = null;
        long? rows = null;
        foreach (var input in request.Inputs ?? throw Invalid("'inputs' is missing."))
        {
            var (name, width) = input?.Name switch
            {
                "numbers" when signature.Numbers.Count > 0 => ("numbers", signature.Numbers.Count),
                "categories" when signature.Categories.Count > 0 => ("categories", signature.Categories.Count),
                var other => throw Invalid($"The model has no input '{other}'. GET its metadata for those it has."),
            };
            if (name == "numbers" ? numbers is not null : categories is not null) throw Invalid($"Input '{name}' is there twice.");
            if (input!.Shape is not [var count and >= 1 and <= Predictor.MaxRows, var columns] || columns != width)
                throw Invalid($"Input '{name}' has shape [{string.Join(", ", input.Shape ?? [])}]; the model wants "
                    + $"[1..{Predictor.MaxRows:N0}, {width}].");
            if (rows is not null && rows != count) throw Invalid($"The inputs differ in rows: {rows} and {count}.");
            rows = count;
            var bytes = Take(input, ref binary);
            if (name == "numbers") numbers = Numbers(input, bytes);
            else categories = Texts(input, bytes);
        }
        if (!binary.IsEmpty) throw Invalid($"{binary.Length} bytes follow the last tensor.");
        if (numbers is null && signature.Numbers.Count > 0) throw Invalid($"Input 'numbers' is missing: [N, {signature.Numbers.Count}].");
        if (categories is null && signature.Categories.Count > 0)
            throw Invalid($"Input 'categories' is missing: BYTES [N, {signature.Categories.Count}].");
        return new FeatureRows(numbers ?? [], categories ?? [], (int)rows!.Value);
    }

    private static float[] Numbers(InferTensor input, ReadOnlySpan<byte> bytes)
    {
        if (!TensorData.IsNumeric(input.Datatype))
            throw Invalid(
                $"Input 'numbers' has datatype {input.Datatype}; FP16, FP32, FP64, BOOL, INT8 to INT64 and UINT8 to UINT64 are read.");
        return input.Data is { } data ? TensorData.Numbers(data, input.Datatype!, input.Shape!, "numbers")
            : TensorData.Numbers(bytes, input.Datatype!, input.Shape!, "numbers");
    }

    private static string[] Texts(InferTensor input, ReadOnlySpan<byte> bytes)
    {
        if (input.Datatype != "BYTES") throw Invalid($"Input 'categories' has datatype {input.Datatype}; BYTES is read.");
        return input.Data is { } data ? TensorData.Texts(data, input.Shape!, "categories")
            : TensorData.Texts(bytes, input.Shape!, "categories");
    }

    private static ReadOnlySpan<byte> Take(InferTensor input, ref ReadOnlySpan<byte> binary)
    {
        if (input.Data is not null) return [];
        if (input.Parameters?.GetValueOrDefault("binary_data_size") is not { ValueKind: JsonValueKind.Number } given
            || !given.TryGetInt32(out var size) || size < 0)
            throw Invalid($"Input '{input.Name}' has neither 'data' nor a binary_data_size.");
        if (size > binary.Length) throw Invalid($"Input '{input.Name}' announces {size} bytes where {binary.Length} follow.");
        var bytes = binary[..size];
        binary = binary[size..];
        return bytes;
    }

    private static InvalidInputException Invalid(string message) => new("tensor-invalid", message);
}
