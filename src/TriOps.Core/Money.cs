using System.Globalization;

namespace TriOps.Core;

/// <summary>An amount of money in whole millionths, so that sums are exact.</summary>
/// <param name="Micros">Millionths of the currency's unit: 1,500,000 is 1.50.</param>
/// <param name="Currency">ISO 4217, such as USD.</param>
public sealed record Money(long Micros, string Currency)
{
    /// <summary>The price of <paramref name="seconds"/> (0 or more) at <paramref name="microsPerHour"/>, rounded to the nearest
    /// millionth.</summary>
    public static Money Of(double seconds, long microsPerHour, string currency) =>
        new((long)Math.Round((decimal)seconds * microsPerHour / 3600m, MidpointRounding.AwayFromZero), currency);

    /// <summary>The sum; null counts as nothing. Amounts of two currencies have none: null.</summary>
    public static Money? Sum(IEnumerable<Money?> amounts)
    {
        Money? sum = null;
        foreach (var amount in amounts.OfType<Money>())
        {
            if (sum is not null && sum.Currency != amount.Currency) return null;
            sum = amount with { Micros = checked((sum?.Micros ?? 0) + amount.Micros) };
        }
        return sum;
    }

    /// <summary>Such as "0.0375 USD": two decimals at least, four at most.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Micros / 1_000_000m:0.00##} {Currency}");
}
