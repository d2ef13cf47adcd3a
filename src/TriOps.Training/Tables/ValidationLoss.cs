using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;


namespace TriOps.Training.Tables;

/// <summary>The loss that decides when to stop: mean log loss (nats) of a classifier, root mean squared error of a regression.</summary>
public static class ValidationLoss
{
    private const double Floor = 1e-15;

    /// <summary>Of outputs against targets.</summary>
    /// <param name="signature">Decides which loss.</param>
    /// <param name="outputs">Row-major, rows × <see cref="TableSignature.Outputs"/>.</param>
    /// <param name="targets">Per row.</param>
    public static double Of(TableSignature signature, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        double sum = 0;
        if (signature.Task == TaskKind.Regression)
        {
            for (var i = 0; i < targets.Length; i++) sum += ((double)outputs[i] - targets[i]) * ((double)outputs[i] - targets[i]);
            return Math.Sqrt(sum / targets.Length);
        }
        for (var i = 0; i < targets.Length; i++) sum -= Math.Log(Math.Max(Floor, outputs[i * signature.Outputs + (int)targets[i]]));
        return sum / targets.Length;
    }
}
