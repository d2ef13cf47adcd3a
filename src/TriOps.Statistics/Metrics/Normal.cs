namespace TriOps.Statistics.Metrics;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>P(Z ≤ z).</summary>
    public static double Cdf(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);

    /// <summary>The z with P(Z ≤ z) = p; p in (0, 1).</summary>
    public static double Quantile(double p) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, p);

    /// <summary>The z of a two-sided interval of this confidence: 1.96 for 0.95.</summary>
    public static double TwoSided(double confidence) => Quantile(0.5 + confidence / 2);
}
