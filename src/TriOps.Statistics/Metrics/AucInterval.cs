using TriOps.Core.Evaluations;

namespace TriOps.Statistics.Metrics;

/// <summary>Intervals of areas under ROC curves, and of the difference of two on the same rows, that are right near 0 and 1.</summary>
public static class AucInterval
{
    private const int Halvings = 60;

    /// <summary>DeLong's variance on the logit scale. Where that variance is zero, as for rows that are all ranked rightly, it says
    /// nothing: then Newcombe's interval.</summary>
    /// <param name="roc">The area, with its components.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <remarks>Logit: Pepe, The Statistical Evaluation of Medical Tests (2003), section 5.2.4; Qin and Hotilovac, Statistical Methods in
    /// Medical Research 17 (2008) 207.</remarks>
    public static (double Low, double High) Of(DeLong.Components roc, double confidence)
    {
        var (area, variance) = (roc.Area, DeLong.Variance(roc));
        if (variance == 0 || area is 0 or 1) return Newcombe(area, roc.Positives.Length, roc.Negatives.Length, confidence);
        var (logit, half) = (Math.Log(area / (1 - area)), Normal.TwoSided(confidence) * Math.Sqrt(variance) / (area * (1 - area)));
        return (1 / (1 + Math.Exp(half - logit)), 1 / (1 + Math.Exp(-half - logit)));
    }

    /// <summary>All areas θ with |area − θ| ≤ z √V(θ), V being Hanley and McNeil's variance with both m − 1 and n − 1 replaced by (m + n)/2
    /// − 1. Of any width but zero, also at 0 and 1.</summary>
    /// <param name="area">0..1.</param>
    /// <param name="positives">m ≥ 1.</param>
    /// <param name="negatives">n ≥ 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <remarks>Newcombe, Statistics in Medicine 25 (2006) 559, method 5.</remarks>
    public static (double Low, double High) Newcombe(double area, int positives, int negatives, double confidence)
    {
        double z = Normal.TwoSided(confidence), pairs = (double)positives * negatives, others = (positives + (double)negatives) / 2 - 1;
        return (End(0), End(1));

        double End(double outer) // The distance grows from the area to the outer end, where V is zero: one crossing between them.
        {
            var (inside, outside) = (area, outer);
            for (var i = 0; i < Halvings; i++)
            {
                var middle = (inside + outside) / 2;
                if (Math.Abs(area - middle) <= z * Math.Sqrt(Variance(middle))) inside = middle; else outside = middle;
            }
            return inside;
        }

        double Variance(double t) => t * (1 - t) * (1 + others * (1 - t) / (2 - t) + others * t / (1 + t)) / pairs;
    }

    /// <summary>Area a − area b: DeLong's paired interval. Where the variance of one of them is zero it would take that area for certain:
    /// then the two single intervals are put together, as if independent.</summary>
    /// <param name="a">One model's.</param>
    /// <param name="b">The other's, on the same rows.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <remarks>DeLong et al., Biometrics 44 (1988) 837; Zou and Donner, Statistics in Medicine 27 (2008) 1693 (MOVER).</remarks>
    public static (double Low, double High) OfDifference(DeLong.Components a, DeLong.Components b, double confidence)
    {
        var difference = a.Area - b.Area;
        if (DeLong.Variance(a) > 0 && DeLong.Variance(b) > 0)
        {
            var half = Normal.TwoSided(confidence) * Math.Sqrt(DeLong.DifferenceVariance(a, b));
            return (Math.Max(-1, difference - half), Math.Min(1, difference + half));
        }
        var ((lowA, highA), (lowB, highB)) = (Of(a, confidence), Of(b, confidence));
        return (difference - Math.Sqrt(Square(a.Area - lowA) + Square(highB - b.Area)),
            difference + Math.Sqrt(Square(highA - a.Area) + Square(b.Area - lowB)));
        static double Square(double x) => x * x;
    }
}
