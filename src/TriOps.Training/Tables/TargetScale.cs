using TriOps.Core.Models;

namespace TriOps.Training.Tables;

/// <summary>Where a regression's targets lie, so that penalties and step sizes do not depend on their unit.</summary>
public static class TargetScale
{
    /// <summary>Mean and standard deviation; a deviation of 0 is given as 1.</summary>
    public static (double Mean, double Deviation) Of(ReadOnlySpan<float> targets)
    {
        double sum = 0, squares = 0;
        foreach (var t in targets) sum += t;
        var mean = sum / targets.Length;
        foreach (var t in targets) squares += (t - mean) * (t - mean);
        var deviation = Math.Sqrt(squares / targets.Length);
        return (mean, deviation > 0 ? deviation : 1);
    }
}
