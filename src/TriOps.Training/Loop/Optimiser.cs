using TorchSharp;
using static TorchSharp.torch;

namespace TriOps.Training.Loop;

/// <summary>AdamW over a learner's parameters, with a copy of the best ones so far.</summary>
/// <remarks>Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2; the operations, in their order, are
/// PyTorch's, and so are the bits. TorchSharp has an AdamW of its own. It leaves every scalar to its finaliser, which may run while
/// libtorch still reads the scalar: here each is held to its end.</remarks>
internal sealed class Optimiser : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private readonly IReadOnlyList<NamedParameter> parameters;
    private readonly double weightDecay;
    // As the parameters: their best values, the mean gradient, the mean squared gradient.
    private readonly List<Tensor> best, first, second;

    public Optimiser(IReadOnlyList<NamedParameter> parameters, double weightDecay)
    {
        (this.parameters, this.weightDecay) = (parameters, weightDecay);
        best = Like(p => p.detach().clone());
        first = Like(p => zeros_like(p));
        second = Like(p => zeros_like(p));
    }

    /// <summary>The best parameters, named and shaped as the learner has them.</summary>
    public IReadOnlyList<NamedTensor> Best => Named("", best);

    /// <summary>All that a checkpoint keeps.</summary>
    public IReadOnlyList<NamedTensor> Tensors =>
        [.. Named("current.", [.. parameters.Select(p => p.Tensor)]), .. Named("best.", best), .. Named("first_moment.", first),
            .. Named("second_moment.", second)];

    /// <summary>Gradients of <paramref name="loss"/>, (), in place of those that were.</summary>
    public void Backward(Tensor loss)
    {
        foreach (var (_, p) in parameters) p.grad?.zero_();
        loss.backward();
    }

    /// <summary>Scales the gradients down to a norm over all of them.</summary>
    public void Clip(double norm)
    {
        if (double.IsFinite(norm)) nn.utils.clip_grad_norm_(parameters.Select(p => p.Tensor), norm);
    }

    /// <summary>One step against the gradients.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">From 1.</param>
    public void Step(double rate, long step)
    {
        using var noGrad = no_grad();
        using Scalar keep = 1 - rate * weightDecay, beta1 = Beta1, rest1 = 1 - Beta1, beta2 = Beta2, rest2 = 1 - Beta2;
        using Scalar one = 1, spread = Math.Sqrt(1 - Math.Pow(Beta2, step)), epsilon = Epsilon, move = -rate / (1 - Math.Pow(Beta1, step));
        for (var i = 0; i < parameters.Count; i++)
        {
            var (p, gradient) = (parameters[i].Tensor, parameters[i].Tensor.grad!);       // as the parameter, both
            p.mul_(keep);
            first[i].mul_(beta1).add_(gradient, alpha: rest1);
            second[i].mul_(beta2).addcmul_(gradient, gradient, rest2);
            var scale = second[i].sqrt().div_(spread).add_(epsilon, one);                 // as the parameter
            p.addcdiv_(first[i], scale, move);
        }
    }

    /// <summary>The parameters as they are become the best.</summary>
    public void KeepBest()
    {
        using var noGrad = no_grad();
        foreach (var (p, b) in parameters.Zip(best)) b.copy_(p.Tensor);
    }

    public void Dispose()
    {
        foreach (var tensor in best.Concat(first).Concat(second)) tensor.Dispose();
    }

    private List<Tensor> Like(Func<Tensor, Tensor> make) => [.. parameters.Select(p => make(p.Tensor).DetachFromDisposeScope())];

    private IReadOnlyList<NamedTensor> Named(string prefix, IReadOnlyList<Tensor> tensors) =>
        [.. parameters.Zip(tensors, (p, t) => new NamedTensor(prefix + p.Name, t))];
}
