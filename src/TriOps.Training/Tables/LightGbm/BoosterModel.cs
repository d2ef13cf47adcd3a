using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;
using TriOps.Training.Tables;

namespace TriOps.Training.Tables.LightGbm;

/// <summary>A fitted tree ensemble.</summary>
/// <param name="signature">Features and label.</param>
/// <param name="encoding">Of the features.</param>
/// <param name="model">LightGBM's model text.</param>
public sealed class BoosterModel(TableSignature signature, FeatureEncoding encoding, string model) : FittedModel(signature, encoding)
{
    private readonly Booster booster = Booster.Load(model);

    /// <summary>Total gain of the splits on a feature.</summary>
    public override IReadOnlyList<FeatureImportance> Importance =>
        ImportanceShares.Of(Signature, Encoder.Origins(Encoding), booster.Gains(Encoding.Width));

    /// <inheritdoc/>
    public override void ExportOnnx(Stream stream) =>
        TreeExport.Write(stream, Signature, Encoding, ModelText.Read(model, Signature.Scores));

    /// <inheritdoc/>
    protected override double[] Scores(EncodedRows rows) => booster.RawScores(rows, Signature.Scores);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) booster.Dispose();
        base.Dispose(disposing);
    }
}
