using System.Buffers.Text;

namespace TriOps.Serving.Predictions;

/// <summary>Numbers of JSON as 32-bit floats, correctly rounded.</summary>
internal static class JsonNumber
{
    private const int MostDigits = 18, MostDecimals = 22;
    private const long Exact = 1L << 53;

    private static readonly double[] Powers =
        [.. Enumerable.Range(0, MostDecimals + 1).Select(p => double.Parse($"1e{p}", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Reads the number at <paramref name="at"/>, and moves behind it.</summary>
    /// <param name="json">UTF-8; the number must not end it.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="value">Finite.</param>
    /// <returns>False when there is no number as RFC 8259, section 6, has it, or none in the range of floats; then <paramref name="at"/>
    /// has no meaning.</returns>
    /// <remarks>Up to 2^53 and 22 decimals one division of doubles is correctly rounded (Clinger 1990), and so is its rounding to a float
    /// unless it lies in the middle between two floats. What is longer goes to the framework.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> json, ref int at, out float value)
    {
        value = 0;
        var (start, i) = (at, at);
        var negative = (uint)i < (uint)json.Length && json[i] == '-';
        if (negative) i++;
        var (digits, number, first) = (0, 0L, i);
        for (; (uint)i < (uint)json.Length && json[i] is var c and >= (byte)'0' and <= (byte)'9'; i++, digits++) if (digits < MostDigits)
            number = (number * 10) + c - '0';
        if (digits == 0 || (digits > 1 && json[first] == '0')) return false;
        var decimals = 0;
        if ((uint)i < (uint)json.Length && json[i] == '.')
        {
            for (i++; (uint)i < (uint)json.Length && json[i] is var c and >= (byte)'0' and <= (byte)'9'; i++, decimals++)
                if (digits + decimals < MostDigits) number = (number * 10) + c - '0';
            if (decimals == 0) return false;
        }
        if ((uint)i >= (uint)json.Length || (json[i] | 0x20) == 'e') return false;
        at = i;
        if (digits + decimals <= MostDigits && number <= Exact && decimals <= MostDecimals)
        {
            var exact = number / Powers[decimals];
            if ((BitConverter.DoubleToInt64Bits(exact) & 0x1FFFFFFF) != 0x10000000)
            {
                value = (float)(negative ? -exact : exact);
                return true;
            }
        }
        return Utf8Parser.TryParse(json[start..i], out value, out var used) && used == i - start && float.IsFinite(value);
    }
}
