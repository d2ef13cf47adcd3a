using System.Globalization;
using TriOps.Core;

namespace TriOps.Training;

/// <summary>A request's hyperparameters, checked as they are read.</summary>
public sealed class Hyperparameters(IReadOnlyDictionary<string, double> values)
{
    /// <summary>A number between <paramref name="min"/> and <paramref name="max"/>; <paramref name="otherwise"/> when absent.</summary>
    /// <exception cref="InvalidInputException">It is outside (parameter-invalid).</exception>
    public double Number(string name, double otherwise, double min, double max)
    {
        if (!values.TryGetValue(name, out var value)) return otherwise;
        return value >= min && value <= max ? value
            : throw new InvalidInputException("parameter-invalid", string.Create(CultureInfo.InvariantCulture, $"The hyperparameter '{name}' is {value}; it must be between {min} and {max}."));
    }

    /// <summary>A whole number between <paramref name="min"/> and <paramref name="max"/>; <paramref name="otherwise"/> when absent.</summary>
    /// <exception cref="InvalidInputException">It is outside, or has a fraction (parameter-invalid).</exception>
    public int Whole(string name, int otherwise, int min, int max)
    {
        var value = Number(name, otherwise, min, max);
        return value == Math.Floor(value) ? (int)value
            : throw new InvalidInputException("parameter-invalid", string.Create(CultureInfo.InvariantCulture, $"The hyperparameter '{name}' is {value}; it must be a whole number."));
    }
}
