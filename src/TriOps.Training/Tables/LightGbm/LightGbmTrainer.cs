using System.Globalization;
using System.Text;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;
using TriOps.Training.Tables;

namespace TriOps.Training.Tables.LightGbm;

/// <summary>Gradient-boosted trees. Stops when the validation loss has not fallen for
/// <see cref="Patience"/> iterations and keeps the best one.</summary>
/// <remarks>A resumed fit continues from the checkpoint's trees; the columns and rows it samples afterwards differ from those of an
/// uninterrupted fit.</remarks>
public sealed class LightGbmTrainer : IModelTrainer
{
    private const int Patience = 50;
    private const int ManyRows = 5_000;

    /// <inheritdoc/>
    public ModelFamily Family => ModelFamily.LightGbm;

    /// <inheritdoc/>
    public FittedModel Fit(FitRequest request, ITrainingProgress progress, ICheckpoints checkpoints, CancellationToken ct)
    {
        var signature = request.Signature;
        request.Train.CheckLearnable(signature);
        var options = LightGbmOptions.From(request.Parameters);
        var parameters = Text(request, options);
        var encoding = Encoder.Learn(signature, request.Train.Rows, NumberTreatment.Keep);
        var train = Encoder.Encode(encoding, request.Train.Rows, 0, request.Train.Rows.Count);
        var validation = Encoder.Encode(encoding, request.Validation.Rows, 0, request.Validation.Rows.Count);

        var hash = CheckpointHeader.HashOf(request);
        string? before = null;
        var best =
            CheckpointHeader.Restore(checkpoints, Family, hash, progress,
            state => before = new StreamReader(state, Encoding.UTF8).ReadToEnd());
        using var start = before is null ? null : Booster.Load(before);
        using var trainSet = BoosterDataset.Create(train, request.Train.Targets, StartScores(start, train, signature.Scores), parameters);
        using var validationSet =
            BoosterDataset.Create(validation, request.Validation.Targets, StartScores(start, validation, signature.Scores),
            parameters, trainSet);
        using var booster = Booster.Create(trainSet, validationSet, parameters);

        var stride = request.Train.Rows.Count > ManyRows ? 10 : 1;
        var (trainOutputs, validationOutputs) =
            (new double[train.Count * signature.Scores], new double[validation.Count * signature.Scores]);
        for (var step = best.Step + 1; step <= options.Iterations && step - best.BestStep <= Patience; step++)
        {
            if (!booster.Grow()) break;
            booster.Outputs(1, validationOutputs);
            var outputs = RowMajor(signature, validationOutputs);
            var loss = ValidationLoss.Of(signature, outputs, request.Validation.Targets);
            best = loss < best.BestLoss ? best with { Step = step, BestStep = step, BestLoss = loss } : best with { Step = step };
            progress.Log("validation/loss", step, loss);
            progress.Report((double)step / options.Iterations);
            if (step % stride == 0)
            {
                booster.Outputs(0, trainOutputs);
                progress.Log("train/loss", step, ValidationLoss.Of(signature, RowMajor(signature, trainOutputs), request.Train.Targets));
                ValidationMetrics.LogObjective(progress, request, outputs, step);
            }
            if (!checkpoints.Due && !ct.IsCancellationRequested) continue;
            best.Save(checkpoints, state => state.Write(Encoding.UTF8.GetBytes(Joined(before, booster))));
            ct.ThrowIfCancellationRequested();
        }
        using var all = Booster.Load(Joined(before, booster));
        progress.Report(1);
        return new BoosterModel(signature, encoding, all.Save(Math.Max(1, best.BestStep)));
    }

    private static string Joined(string? before, Booster booster) => before is null ? booster.Save() : Booster.Join(before, booster.Save());

    // LightGBM's own syntax.
    private static string Text(FitRequest request, LightGbmOptions o)
    {
        var (signature, rows) = (request.Signature, request.Train.Rows.Count);
        // Threads cost more than they bring on small tables.
        var threads = rows * (long)(signature.Numbers.Count + signature.Categories.Count) < 200_000 ? 1 : TrainerThreads.Count;
        var objective = signature.Task switch
            { TaskKind.Binary => "binary", TaskKind.Multiclass => $"multiclass num_class={signature.Classes.Count}", _ => "regression" };
        return string.Create(CultureInfo.InvariantCulture,
            $"objective={objective} metric=none num_leaves={o.Leaves} learning_rate={o.LearningRate} min_data_in_leaf={o.MinRowsInLeaf} ") +
            string.Create(CultureInfo.InvariantCulture,
            $"feature_fraction={o.FeatureFraction} bagging_fraction={o.BaggingFraction} bagging_freq={(o.BaggingFraction < 1 ? 1 : 0)} "
            + $"lambda_l2={o.L2} ") +
            string.Create(CultureInfo.InvariantCulture,
            $"seed={request.Seed & int.MaxValue} deterministic=true force_row_wise=true num_threads={threads} verbosity=-1");
    }

    // Score-major, as LightGBM wants them.
    private static double[]? StartScores(Booster? start, EncodedRows rows, int scores)
    {
        if (start is null) return null;
        var (raw, result) = (start.RawScores(rows, scores), new double[rows.Count * scores]);
        for (var row = 0; row < rows.Count; row++)
            for (var s = 0; s < scores; s++) result[s * rows.Count + row] = raw[row * scores + s];
        return result;
    }

    // LightGBM gives probabilities (of the positive class, or of each) or values, score by score.
    private static float[] RowMajor(TableSignature signature, double[] scoreMajor)
    {
        if (signature.Task == TaskKind.Regression) return Array.ConvertAll(scoreMajor, v => (float)v);
        if (signature.Task == TaskKind.Binary) return [.. scoreMajor.SelectMany(p => new[] { (float)(1 - p), (float)p })];
        var rows = scoreMajor.Length / signature.Scores;
        var outputs = new float[scoreMajor.Length];
        for (var s = 0; s < signature.Scores; s++)
            for (var row = 0; row < rows; row++) outputs[row * signature.Scores + s] = (float)scoreMajor[s * rows + row];
        return outputs;
    }
}
