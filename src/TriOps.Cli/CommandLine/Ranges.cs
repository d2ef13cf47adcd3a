using System.CommandLine;
using System.Globalization;

namespace TriOps.Cli.CommandLine;

/// <summary>Options that are whole numbers within bounds.</summary>
internal static class Ranges
{
    /// <summary>Refuses what is given and lies outside, with the bounds. What is no number is refused by the parser.</summary>
    public static Option<T> Within<T>(this Option<T> option, int least, int most)
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (long.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && (number < least || number > most))
                    result.AddError($"{option.Name} is {least} to {most}, not {number}.");
        });
        return option;
    }
}
