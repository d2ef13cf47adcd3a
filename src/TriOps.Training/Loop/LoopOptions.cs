namespace TriOps.Training.Loop;

/// <summary>How a loop runs.</summary>
/// <param name="Schedule">Of the learning rate.</param>
/// <param name="WeightDecay">AdamW's, 0..1.</param>
/// <param name="Epochs">At most, from 1. The model is judged at the end of each.</param>
/// <param name="Patience">Epochs without a lower validation loss after which it stops.</param>
/// <param name="Seed">Of what is random in a step; the source of batches has its own.</param>
/// <param name="MaxGradientNorm">Gradients whose norm over all parameters is larger are scaled down to it; infinite: they are left
/// alone.</param>
public sealed record LoopOptions(Schedule Schedule, double WeightDecay, int Epochs, int Patience, int Seed,
    double MaxGradientNorm = double.PositiveInfinity);
