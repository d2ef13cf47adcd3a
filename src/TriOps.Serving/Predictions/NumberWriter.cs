using System.Buffers.Text;
using System.Text.Json;

namespace TriOps.Serving.Predictions;

/// <summary>Floats as JSON, with the digits the framework gives them: the fewest that read back as the same float.</summary>
internal static class NumberWriter
{
    /// <summary>Bytes of a float at most.</summary>
    public const int Longest = 16;

    private const int MostDecimals = 7;
    private const float Smallest = 1e-4f, Largest = 1e7f;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

    /// <summary>Writes a value of an object; NaN and infinities as strings, as <see cref="Core.TriOpsJson"/> has them.</summary>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, float value)
    {
        json.WritePropertyName(name);
        Span<byte> text = stackalloc byte[Longest];
        json.WriteRawValue(text[..Format(value, text)], skipInputValidation: true);
    }

    /// <summary>Formats one number.</summary>
    /// <param name="value">Any.</param>
    /// <param name="to">At least <see cref="Longest"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    /// <remarks>Most features and probabilities have few decimals: for those the first number of decimals is sought whose nearest decimal,
    /// a whole number over a power of ten, reads back as the value. That is exact, as both are doubles without rounding. The rest goes to
    /// the framework.</remarks>
    public static int Format(float value, Span<byte> to)
    {
        var size = Math.Abs(value);
        if (size is (>= Smallest and < Largest) or 0 && !(value == 0 && float.IsNegative(value)))
            for (var decimals = 0; decimals <= MostDecimals; decimals++)
            {
                var whole = Math.Round(size * Powers[decimals]);
                if (whole >= 1 << 24) break;
                if ((float)(whole / Powers[decimals]) == size) return Format((int)whole, decimals, value < 0, to);
            }
        if (float.IsFinite(value) && Utf8Formatter.TryFormat(value, to, out var written)) return written;
        var text = float.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8;
        text.CopyTo(to);
        return text.Length;
    }

    private static int Format(int whole, int decimals, bool negative, Span<byte> to)
    {
        Span<byte> digits = stackalloc byte[Longest];
        var at = Longest;
        for (var i = 0; whole > 0 || i <= decimals; i++)
        {
            if (i == decimals && decimals > 0) digits[--at] = (byte)'.';
            (whole, var digit) = Math.DivRem(whole, 10);
            digits[--at] = (byte)('0' + digit);
        }
        if (negative) digits[--at] = (byte)'-';
        digits[at..].CopyTo(to);
        return Longest - at;
    }
}
