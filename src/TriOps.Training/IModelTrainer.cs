using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Training.Tables;

namespace TriOps.Training;

/// <summary>What to fit.</summary>
/// <param name="Signature">What the model will take and give; its category values are not known yet.</param>
/// <param name="Train">Fitted on; encodings are learned from these rows alone.</param>
/// <param name="Validation">Compared on: decides when to stop.</param>
/// <param name="Objective">The metric searched for: its curve is logged.</param>
/// <param name="Parameters">Hyperparameters by name; those that are absent take the family's defaults.</param>
/// <param name="Seed">Of everything random. The same request on the same kind of machine gives the same model.</param>
public sealed record FitRequest(TableSignature Signature, TrainingTable Train, TrainingTable Validation, string Objective,
    IReadOnlyDictionary<string, double> Parameters, int Seed);

/// <summary>Fits one family of models. Stateless and thread-safe.</summary>
public interface IModelTrainer
{
    /// <summary>What it fits.</summary>
    ModelFamily Family { get; }

    /// <summary>Fits a model, from the last checkpoint if there is one that belongs to this request. Runs on the calling thread until it is
    /// done.</summary>
    /// <param name="request">What to fit.</param>
    /// <param name="progress">Hears of every iteration.</param>
    /// <param name="checkpoints">Where the work so far is kept.</param>
    /// <param name="ct">When cancelled, a checkpoint is saved at the end of the iteration and <see cref="OperationCanceledException"/> is
    /// thrown.</param>
    /// <exception cref="InvalidInputException">The data or the parameters cannot be fitted: label-one-class, rows-missing,
    /// features-missing, parameter-invalid.</exception>
    FittedModel Fit(FitRequest request, ITrainingProgress progress, ICheckpoints checkpoints, CancellationToken ct);
}

/// <summary>Hears how a fit goes, on the fitting thread.</summary>
public interface ITrainingProgress
{
    /// <summary>Share of the work that is done, 0..1; jumps forward when a fit stops early.</summary>
    void Report(double progress);

    /// <summary>A point of a curve.</summary>
    /// <param name="key">"train/loss", "validation/loss" or "validation/{objective}". Losses: mean log loss in nats, or root mean squared
    /// error.</param>
    /// <param name="step">Iteration or epoch, from 1.</param>
    /// <param name="value">The value.</param>
    void Log(string key, long step, double value);

    /// <summary>A sentence for who reads the job's log.</summary>
    void Note(string text);
}

/// <summary>Keeps the latest state of one fit. Formats belong to the families; each says whose it is and which request it belongs to.
/// Called from the fitting thread.</summary>
public interface ICheckpoints
{
    /// <summary>The last state saved, to be read forward once and disposed of; null when there is none.</summary>
    Stream? Open();

    /// <summary>True when enough time has passed since the last save.</summary>
    bool Due { get; }

    /// <summary>Replaces the last state by what is written into a stream, which goes forward only: a state of any size is never held whole.
    /// The last state stands until the new one is complete, and when <paramref name="write"/> throws.</summary>
    void Save(Action<Stream> write);
}
