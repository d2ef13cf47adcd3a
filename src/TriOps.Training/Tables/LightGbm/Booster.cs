using System.Runtime.InteropServices;
using System.Text;
using TriOps.Training.Tables;

namespace TriOps.Training.Tables.LightGbm;

/// <summary>A LightGBM booster. Growing it is single-threaded; predicting is not.</summary>
public sealed unsafe class Booster : SafeHandle
{
    private Booster(nint handle) : base(0, ownsHandle: true) => SetHandle(handle);

    /// <summary>A booster that is to be trained.</summary>
    /// <param name="train">Must outlive it.</param>
    /// <param name="validation">Must outlive it; it is dataset 1 of <see cref="Outputs"/>, the training rows are 0.</param>
    /// <param name="parameters">In LightGBM's own syntax.</param>
    public static Booster Create(BoosterDataset train, BoosterDataset validation, string parameters)
    {
        LightGbmNative.Check(LightGbmNative.BoosterCreate(train.DangerousGetHandle(), parameters, out var handle));
        var booster = new Booster(handle);
        LightGbmNative.Check(LightGbmNative.BoosterAddValidData(handle, validation.DangerousGetHandle()));
        return booster;
    }

    /// <summary>A booster from LightGBM's model text.</summary>
    public static Booster Load(string model)
    {
        LightGbmNative.Check(LightGbmNative.BoosterLoad(model, out _, out var handle));
        return new(handle);
    }

    /// <summary>The text of a model whose first trees are <paramref name="first"/>'s and whose later ones are
    /// <paramref name="second"/>'s.</summary>
    public static string Join(string first, string second)
    {
        using Booster start = Load(first), end = Load(second);
        LightGbmNative.Check(LightGbmNative.BoosterMerge(end.handle, start.handle));
        return end.Save();
    }

    /// <summary>Grows one iteration's trees; false when no split is worth making any more.</summary>
    public bool Grow()
    {
        LightGbmNative.Check(LightGbmNative.BoosterUpdate(handle, out var finished));
        return finished == 0;
    }

    /// <summary>The outputs (probabilities or values) so far for dataset 0 or 1, score-major: score × rows.</summary>
    public void Outputs(int dataset, double[] results)
    {
        fixed (double* to = results) LightGbmNative.Check(LightGbmNative.BoosterGetPredict(handle, dataset, out _, to));
    }

    /// <summary>Raw scores, row-major, rows × scores.</summary>
    public double[] RawScores(EncodedRows rows, int scores)
    {
        var results = new double[rows.Count * scores];
        fixed (float* from = rows.Values)
        fixed (double* to = results)
            LightGbmNative.Check(
                LightGbmNative.BoosterPredict(handle, from, LightGbmNative.Float32, rows.Count, rows.Width, 1,
                LightGbmNative.PredictRawScore, 0, -1, "num_threads=1", out _, to));
        return results;
    }

    /// <summary>Total gain of the splits on each column.</summary>
    public double[] Gains(int columns)
    {
        var results = new double[columns];
        fixed (double* to = results) LightGbmNative.Check(LightGbmNative.BoosterImportance(handle, 0, LightGbmNative.ImportanceGain, to));
        return results;
    }

    /// <summary>LightGBM's model text of the first <paramref name="iterations"/> iterations, or of all of them.</summary>
    public string Save(int iterations = -1)
    {
        LightGbmNative.Check(LightGbmNative.BoosterSave(handle, 0, iterations, LightGbmNative.ImportanceGain, 0, out var length, null));
        var buffer = new byte[length];
        fixed (byte* to = buffer) LightGbmNative.Check(
            LightGbmNative.BoosterSave(handle, 0, iterations, LightGbmNative.ImportanceGain, buffer.Length, out length, to));
        return Encoding.UTF8.GetString(buffer, 0, (int)length - 1); // Without the closing zero.
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LightGbmNative.BoosterFree(handle) == 0;
}

/// <summary>Rows in LightGBM's binned form.</summary>
public sealed unsafe class BoosterDataset : SafeHandle
{
    private BoosterDataset(nint handle) : base(0, ownsHandle: true) => SetHandle(handle);

    /// <summary>Bins rows.</summary>
    /// <param name="rows">Copied.</param>
    /// <param name="targets">Per row.</param>
    /// <param name="start">Raw scores to start from, score-major, or null.</param>
    /// <param name="parameters">In LightGBM's own syntax.</param>
    /// <param name="reference">The training rows, whose bins are taken over; null for the training rows themselves.</param>
    public static BoosterDataset Create(EncodedRows rows, float[] targets, double[]? start, string parameters,
        BoosterDataset? reference = null)
    {
        nint handle;
        fixed (float* from = rows.Values)
            LightGbmNative.Check(
                LightGbmNative.DatasetCreateFromMat(from, LightGbmNative.Float32, rows.Count, rows.Width, 1, parameters, reference?.handle
                ?? 0, out handle));
        var dataset = new BoosterDataset(handle);
        fixed (float* from = targets) LightGbmNative.Check(
            LightGbmNative.DatasetSetField(handle, "label", from, targets.Length, LightGbmNative.Float32));
        if (start is not null)
            fixed (double* from = start) LightGbmNative.Check(
                LightGbmNative.DatasetSetField(handle, "init_score", from, start.Length, LightGbmNative.Float64));
        return dataset;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LightGbmNative.DatasetFree(handle) == 0;
}
