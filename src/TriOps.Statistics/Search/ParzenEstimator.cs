using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using TriOps.Core.Families;

namespace TriOps.Statistics.Search;

/// <summary>A density over one hyperparameter, made from values that were tried: the l(x) and g(x) of TPE.</summary>
internal abstract class ParzenEstimator
{
    /// <summary>A value drawn from the density; inside the range.</summary>
    public abstract double Sample(RandomSource random);

    /// <summary>Logarithm of the density at a value (of the probability, for whole numbers and choices).</summary>
    public abstract double LogDensity(double value);

    /// <summary>The density of a range after <paramref name="values"/>; with none it is the prior.</summary>
    public static ParzenEstimator Of(ParameterRange range, IReadOnlyList<double> values) => range switch
    {
        FloatRange r => new Mixture(r.Low, r.High, r.Log, whole: false, values),
        IntegerRange r => new Mixture(r.Low, r.High, r.Log, whole: true, values),
        ChoiceRange r => new Categories(r.Choices.Count, values),
        _ => throw new ArgumentException($"No density for a {range.GetType().Name}.", nameof(range)),
    };

    /// <summary>Frequencies, smoothed by one observation spread evenly.</summary>
    internal sealed class Categories : ParzenEstimator
    {
        private readonly double[] shares;

        public Categories(int count, IReadOnlyList<double> values)
        {
            shares = Enumerable.Repeat(1.0 / count / (values.Count + 1), count).ToArray();
            foreach (var value in values) shares[(int)value] += 1.0 / (values.Count + 1);
        }

        public override double Sample(RandomSource random)
        {
            var left = random.NextDouble();
            for (var i = 0; i < shares.Length - 1; i++)
                if ((left -= shares[i]) < 0) return i;
            return shares.Length - 1;
        }

        public override double LogDensity(double value) => Math.Log(shares[(int)value]);
    }

    /// <summary>Equally weighted normals truncated to the range, one at each value and one, as wide as the range, at its middle (the
    /// prior). A normal is as wide as the farther of its neighbours is distant (Bergstra et al. 2011, §4.2), within limits that narrow as
    /// values come in.</summary>
    private sealed class Mixture : ParzenEstimator
    {
        private readonly double low, high, smallest, largest;
        private readonly bool log, whole;
        private readonly (double Mean, double Sigma, double Below, double Mass)[] normals;

        public Mixture(double low, double high, bool log, bool whole, IReadOnlyList<double> values)
        {
            (this.log, this.whole, smallest, largest) = (log, whole, low, high);
            // A whole number stands for the half-open interval around it, so that both ends are as likely as the rest.
            this.low = Scale(whole ? low - 0.5 : low);
            this.high = Scale(whole ? high + 0.5 : high);
            var width = this.high - this.low;
            var prior = (Mean: this.low + width / 2, IsPrior: true);
            var centres = values.Select(v => (Mean: Scale(v), IsPrior: false)).Append(prior).OrderBy(c => c.Mean).ToArray();
            var narrowest = width / Math.Min(100, 1 + centres.Length);
            normals = new (double, double, double, double)[centres.Length];
            for (var i = 0; i < centres.Length; i++)
            {
                var left = i > 0 ? centres[i].Mean - centres[i - 1].Mean : 0;
                var right = i < centres.Length - 1 ? centres[i + 1].Mean - centres[i].Mean : 0;
                var sigma = centres[i].IsPrior ? width : Math.Clamp(Math.Max(left, right), narrowest, width);
                var below = Normal.CDF(centres[i].Mean, sigma, this.low);
                normals[i] = (centres[i].Mean, sigma, below, Normal.CDF(centres[i].Mean, sigma, this.high) - below);
            }
        }

        public override double Sample(RandomSource random)
        {
            var (mean, sigma, below, mass) = normals[random.Next(normals.Length)];
            var scaled = Math.Clamp(Normal.InvCDF(mean, sigma, below + random.NextDouble() * mass), low, high);
            var value = log ? Math.Exp(scaled) : scaled;
            return Math.Clamp(whole ? Math.Round(value) : value, smallest, largest);
        }

        public override double LogDensity(double value)
        {
            var sum = 0.0;
            foreach (var (mean, sigma, _, mass) in normals)
                sum += (whole
                    ? Normal.CDF(mean, sigma, Scale(value + 0.5)) - Normal.CDF(mean, sigma, Scale(value - 0.5))
                    : Normal.PDF(mean, sigma, Scale(value))) / mass;
            return Math.Log(Math.Max(sum / normals.Length, double.Epsilon));
        }

        private double Scale(double value) => log ? Math.Log(value) : value;
    }
}
