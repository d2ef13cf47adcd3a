namespace TriOps.Core.Families;

/// <summary>The values one hyperparameter may take. Values travel as doubles: integers as whole numbers, choices as their index.</summary>
/// <param name="Name">As the trainer reads it: "learning_rate".</param>
/// <param name="Default">What the family's first trial uses; within the range.</param>
public abstract record ParameterRange(string Name, double Default)
{
    /// <summary>True when <paramref name="value"/> may be used: within the bounds, whole where it must be.</summary>
    public abstract bool Contains(double value);

    /// <summary>What a stored value means to the trainer: itself, or the choice that it is the index of.</summary>
    public virtual double Meaning(double value) => value;
}

/// <summary>A real number in [Low, High].</summary>
/// <param name="Name">As the trainer reads it.</param>
/// <param name="Low">Smallest; above 0 when <paramref name="Log"/>.</param>
/// <param name="High">Largest; above <paramref name="Low"/>.</param>
/// <param name="Default">Of the first trial.</param>
/// <param name="Log">Searched by its logarithm: every factor of ten is equally likely.</param>
public sealed record FloatRange(string Name, double Low, double High, double Default, bool Log = false) : ParameterRange(Name, Default)
{
    /// <inheritdoc/>
    public override bool Contains(double value) => value >= Low && value <= High;
}

/// <summary>A whole number in [Low, High].</summary>
/// <param name="Name">As the trainer reads it.</param>
/// <param name="Low">Smallest; at least 1 when <paramref name="Log"/>.</param>
/// <param name="High">Largest; above <paramref name="Low"/>.</param>
/// <param name="Default">Of the first trial.</param>
/// <param name="Log">Searched by its logarithm.</param>
public sealed record IntegerRange(string Name, int Low, int High, double Default, bool Log = false) : ParameterRange(Name, Default)
{
    /// <inheritdoc/>
    public override bool Contains(double value) => value >= Low && value <= High && value == Math.Floor(value);
}

/// <summary>One of a few values without an order that the search could use. Stored as the index into <paramref name="Choices"/>.</summary>
/// <param name="Name">As the trainer reads it.</param>
/// <param name="Choices">At least 2.</param>
/// <param name="DefaultIndex">Of the first trial.</param>
public sealed record ChoiceRange(string Name, IReadOnlyList<double> Choices, int DefaultIndex) : ParameterRange(Name, DefaultIndex)
{
    /// <inheritdoc/>
    public override bool Contains(double value) => value >= 0 && value < Choices.Count && value == Math.Floor(value);

    /// <inheritdoc/>
    public override double Meaning(double value) => Contains(value)
        ? Choices[(int)value]
        : throw new InvalidInputException("parameter-out-of-range",
        $"{Name} is {value}; it is stored as an index from 0 to {Choices.Count - 1} into {string.Join(", ", Choices)}.");
}
