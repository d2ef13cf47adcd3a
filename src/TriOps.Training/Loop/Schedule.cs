namespace TriOps.Training.Loop;

/// <summary>How fast a step learns. Rises linearly over the warm-up, then falls as half a cosine from the peak to the floor, and stays
/// there.</summary>
/// <param name="Peak">The learning rate after the warm-up; above 0.</param>
/// <param name="WarmupSteps">0: no warm-up.</param>
/// <param name="DecaySteps">The step at which the floor is reached; 0: the peak stays for ever.</param>
/// <param name="Floor">0..<paramref name="Peak"/>.</param>
/// <remarks>The cosine: Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5, without restarts.</remarks>
public sealed record Schedule(double Peak, long WarmupSteps = 0, long DecaySteps = 0, double Floor = 0)
{
    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double At(long step)
    {
        if (step < WarmupSteps) return Peak * (step + 1) / WarmupSteps;
        if (DecaySteps <= WarmupSteps) return Peak;
        if (step >= DecaySteps) return Floor;
        var share = (double)(step - WarmupSteps) / (DecaySteps - WarmupSteps);
        return Floor + (Peak - Floor) * (1 + Math.Cos(Math.PI * share)) / 2;
    }
}
