using System.Globalization;
using TriOps.Core;
using TriOps.Core.Families;

namespace TriOps.Training;

/// <summary>A request's hyperparameters, checked as they are read. Those that are absent have the family's default.</summary>
/// <param name="family">Names the parameters there are, and their defaults.</param>
/// <param name="values">By name; choices by their value.</param>
public sealed class Hyperparameters(Family family, IReadOnlyDictionary<string, double> values)
{
    private readonly IReadOnlyDictionary<string, double> defaults = family.Space.Resolve(new Dictionary<string, double>());

    /// <summary>A number between <paramref name="min"/> and <paramref name="max"/>.</summary>
    /// <exception cref="InvalidInputException">It is outside (parameter-invalid).</exception>
    public double Number(string name, double min, double max)
    {
        var value = values.GetValueOrDefault(name, defaults[name]);
        return value >= min && value <= max ? value
            : throw new InvalidInputException("parameter-invalid",
            string.Create(CultureInfo.InvariantCulture, $"The hyperparameter '{name}' is {value}; it must be between {min} and {max}."));
    }

    /// <summary>A whole number between <paramref name="min"/> and <paramref name="max"/>.</summary>
    /// <exception cref="InvalidInputException">It is outside, or has a fraction (parameter-invalid).</exception>
    public int Whole(string name, int min, int max)
    {
        var value = Number(name, min, max);
        return value == Math.Floor(value) ? (int)value
            : throw new InvalidInputException("parameter-invalid",
            string.Create(CultureInfo.InvariantCulture, $"The hyperparameter '{name}' is {value}; it must be a whole number."));
    }
}
