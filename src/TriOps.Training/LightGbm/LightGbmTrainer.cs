using System.Globalization;
using TriOps.Core.Families;
using TriOps.Onnx.Exporters;
using TriOps.Training.Tables;

namespace TriOps.Training.LightGbm;

/// <summary>Gradient-boosted trees. Hyperparameters, with LightGBM's meanings: num_leaves (2..4096; 31), learning_rate (1e-4..1; 0.1), num_iterations (1..10000; 100),
/// min_data_in_leaf (1..1e6; 20), feature_fraction and bagging_fraction (0.05..1; 1), lambda_l2 (0..1e6; 0). Stops when the validation loss has not fallen for
/// <see cref="Patience"/> iterations and keeps the best one.</summary>
/// <remarks>A resumed fit continues from the checkpoint's trees; the columns and rows it samples afterwards differ from those of an uninterrupted fit.</remarks>
public sealed class LightGbmTrainer : IModelTrainer
{
    private const int Patience = 50;
    private const int ManyRows = 5_000;

    /// <inheritdoc/>
    public ModelFamily Family => ModelFamily.LightGbm;

    /// <inheritdoc/>
    public FittedModel Fit(FitRequest request, ITrainingProgress progress, ICheckpoints checkpoints, CancellationToken ct)
    {
        var problem = request.Problem;
        request.Train.CheckLearnable(problem);
        var (parameters, iterations) = Parameters(request);
        var encoding = Encoder.Learn(problem, request.Train.Rows, NumberTreatment.Keep);
        var train = Encoder.Encode(encoding, request.Train.Rows, 0, request.Train.Rows.Count);
        var validation = Encoder.Encode(encoding, request.Validation.Rows, 0, request.Validation.Rows.Count);

        var hash = CheckpointHeader.HashOf(request);
        var before = CheckpointHeader.TryRead(checkpoints.Load(), Family, hash, out var best, out var state) ? System.Text.Encoding.UTF8.GetString(state.Span) : null;
        using var start = before is null ? null : Booster.Load(before);
        using var trainSet = BoosterDataset.Create(train, request.Train.Targets, StartScores(start, train, problem.Scores), parameters);
        using var validationSet = BoosterDataset.Create(validation, request.Validation.Targets, StartScores(start, validation, problem.Scores), parameters, trainSet);
        using var booster = Booster.Create(trainSet, validationSet, parameters);

        var stride = request.Train.Rows.Count > ManyRows ? 10 : 1;
        var (trainOutputs, validationOutputs) = (new double[train.Count * problem.Scores], new double[validation.Count * problem.Scores]);
        for (var step = best.Step + 1; step <= iterations && step - best.BestStep <= Patience; step++)
        {
            if (!booster.Grow()) break;
            booster.Outputs(1, validationOutputs);
            var outputs = RowMajor(problem, validationOutputs);
            var loss = ValidationLoss.Of(problem, outputs, request.Validation.Targets);
            best = loss < best.BestLoss ? best with { Step = step, BestStep = step, BestLoss = loss } : best with { Step = step };
            progress.Log("validation/loss", step, loss);
            progress.Report((double)step / iterations);
            if (step % stride == 0)
            {
                booster.Outputs(0, trainOutputs);
                progress.Log("train/loss", step, ValidationLoss.Of(problem, RowMajor(problem, trainOutputs), request.Train.Targets));
                ValidationMetrics.LogObjective(progress, problem, outputs, request.Validation.Targets, step);
            }
            if (!checkpoints.Due && !ct.IsCancellationRequested) continue;
            checkpoints.Save(best.With(System.Text.Encoding.UTF8.GetBytes(Joined(before, booster))));
            ct.ThrowIfCancellationRequested();
        }
        using var all = Booster.Load(Joined(before, booster));
        progress.Report(1);
        return new BoosterModel(problem, encoding, all.Save(Math.Max(1, best.BestStep)));
    }

    private static string Joined(string? before, Booster booster) => before is null ? booster.Save() : Booster.Join(before, booster.Save());

    private static (string Text, int Iterations) Parameters(FitRequest request)
    {
        var p = new Hyperparameters(request.Parameters);
        var (task, rows) = (request.Problem.Task, request.Train.Rows.Count);
        var iterations = p.Whole("num_iterations", 100, 1, 10_000);
        var bagging = p.Number("bagging_fraction", 1, 0.05, 1);
        // Threads cost more than they bring on small tables.
        var threads = rows * (long)(request.Problem.Numbers.Count + request.Problem.Categories.Count) < 200_000 ? 1 : TrainerThreads.Count;
        return (string.Create(CultureInfo.InvariantCulture, $"objective={task switch { TaskKind.Binary => "binary", TaskKind.Multiclass => $"multiclass num_class={request.Problem.Classes.Count}", _ => "regression" }} ") +
            string.Create(CultureInfo.InvariantCulture, $"metric=none num_leaves={p.Whole("num_leaves", 31, 2, 4096)} learning_rate={p.Number("learning_rate", 0.1, 1e-4, 1)} min_data_in_leaf={p.Whole("min_data_in_leaf", 20, 1, 1_000_000)} ") +
            string.Create(CultureInfo.InvariantCulture, $"feature_fraction={p.Number("feature_fraction", 1, 0.05, 1)} bagging_fraction={bagging} bagging_freq={(bagging < 1 ? 1 : 0)} lambda_l2={p.Number("lambda_l2", 0, 0, 1e6)} ") +
            string.Create(CultureInfo.InvariantCulture, $"seed={request.Seed & int.MaxValue} deterministic=true force_row_wise=true num_threads={threads} verbosity=-1"), iterations);
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
    private static float[] RowMajor(TrainingProblem problem, double[] scoreMajor)
    {
        if (problem.Task == TaskKind.Regression) return Array.ConvertAll(scoreMajor, v => (float)v);
        if (problem.Task == TaskKind.Binary) return [.. scoreMajor.SelectMany(p => new[] { (float)(1 - p), (float)p })];
        var rows = scoreMajor.Length / problem.Scores;
        var outputs = new float[scoreMajor.Length];
        for (var s = 0; s < problem.Scores; s++)
            for (var row = 0; row < rows; row++) outputs[row * problem.Scores + s] = (float)scoreMajor[s * rows + row];
        return outputs;
    }
}
