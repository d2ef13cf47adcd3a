namespace TriOps.Serving.Predictions;

/// <summary>From probabilities to a class.</summary>
public static class PredictedClass
{
    /// <summary>The index of the highest probability; the first of equals.</summary>
    /// <param name="probabilities">At least one.</param>
    public static int Best(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
            if (probabilities[i] > probabilities[best]) best = i;
        return best;
    }
}
