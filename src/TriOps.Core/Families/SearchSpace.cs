namespace TriOps.Core.Families;

/// <summary>The hyperparameters of one family. The whole search is the choice of a family and, given it, of its parameters.</summary>
/// <param name="Family">Whose.</param>
/// <param name="Ranges">By unique names.</param>
public sealed record SearchSpace(ModelFamily Family, IReadOnlyList<ParameterRange> Ranges)
{
    /// <summary>Every parameter at its default.</summary>
    public IReadOnlyDictionary<string, double> Defaults => Ranges.ToDictionary(r => r.Name, r => r.Default);

    /// <summary>Checks stored parameters and says what they mean to the trainer: choices by their value, missing ones at their
    /// default.</summary>
    /// <param name="parameters">As in a trial's record.</param>
    /// <exception cref="InvalidInputException">One is unknown (code parameter-unknown) or out of range (code
    /// parameter-out-of-range).</exception>
    public IReadOnlyDictionary<string, double> Resolve(IReadOnlyDictionary<string, double> parameters)
    {
        foreach (var name in parameters.Keys)
            if (!Ranges.Any(r => r.Name == name))
                throw new InvalidInputException("parameter-unknown",
                    $"{Family} has no parameter '{name}'. It has {string.Join(", ", Ranges.Select(r => r.Name))}.");
        return Ranges.ToDictionary(r => r.Name, r =>
        {
            var value = parameters.GetValueOrDefault(r.Name, r.Default);
            return r.Contains(value) ? r.Meaning(value)
                : throw new InvalidInputException("parameter-out-of-range", $"{Family}'s {r.Name} is {value}, outside its range {r}.");
        });
    }
}
