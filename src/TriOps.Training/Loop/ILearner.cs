using TorchSharp;
using TorchSharp.Modules;

namespace TriOps.Training.Loop;

/// <summary>What a loop trains: a model with its loss, and the held-out items it is judged by.</summary>
public interface ILearner
{
    /// <summary>All that is learned, in an order that does not change. Names are unique; a checkpoint finds the values by them.</summary>
    IReadOnlyList<NamedParameter> Parameters { get; }

    /// <summary>Outputs of a training batch.</summary>
    /// <param name="x">(B, …)</param>
    /// <param name="random">Everything random of the step comes from here.</param>
    /// <returns>(B, …)</returns>
    torch.Tensor Forward(torch.Tensor x, torch.Generator random);

    /// <summary>The batch's mean loss.</summary>
    /// <param name="outputs">Of <see cref="Forward"/>.</param>
    /// <param name="y">(B, …)</param>
    /// <returns>()</returns>
    torch.Tensor Loss(torch.Tensor outputs, torch.Tensor y);

    /// <summary>Judges the parameters as they are on the held-out items, without gradients.</summary>
    /// <param name="trainLoss">Mean of <see cref="Loss"/> over the epoch's items, on the way.</param>
    Evaluation Evaluate(double trainLoss);
}

/// <summary>A parameter and what it is called.</summary>
public readonly record struct NamedParameter(string Name, Parameter Tensor);

/// <summary>How good a model is.</summary>
/// <param name="Loss">On the held-out items; the lowest decides which parameters are kept.</param>
/// <param name="Curves">Points to be logged, by key.</param>
public sealed record Evaluation(double Loss, IReadOnlyList<KeyValuePair<string, double>> Curves);
