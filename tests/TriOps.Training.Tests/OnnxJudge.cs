using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Training.Tables;

namespace TriOps.Training.Tests;

/// <summary>Runs exported graphs with ONNX Runtime, straight from the bytes.</summary>
internal sealed class OnnxJudge : IDisposable
{
    private readonly InferenceSession session;

    public OnnxJudge(byte[] onnx) => session = new(onnx);

    public OnnxJudge(FittedModel model) : this(Export(model)) { }

    public IReadOnlyDictionary<string, string> Metadata => session.ModelMetadata.CustomMetadataMap;

    public float[] Run(TableSignature signature, FeatureRows rows)
    {
        var inputs = new List<NamedOnnxValue>();
        if (signature.Numbers.Count > 0)
            inputs.Add(
                NamedOnnxValue.CreateFromTensor("numbers", new DenseTensor<float>(rows.Numbers, [rows.Count, signature.Numbers.Count])));
        if (signature.Categories.Count > 0)
            inputs.Add(
                NamedOnnxValue.CreateFromTensor("categories",
                new DenseTensor<string>(rows.Categories, [rows.Count, signature.Categories.Count])));
        using var results = session.Run(inputs);
        return [.. results.Single().AsTensor<float>()];
    }

    private static byte[] Export(FittedModel model)
    {
        using var stream = new MemoryStream();
        model.ExportOnnx(stream);
        return stream.ToArray();
    }

    public void Dispose() => session.Dispose();
}
