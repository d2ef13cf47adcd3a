using System.Globalization;
using System.Text;

namespace TriOps.Data.Csv;

/// <summary>What a field is, read as a number.</summary>
public enum NumberKind { /// <summary>No number.</summary>
    None, /// <summary>A finite number.</summary>
    Finite, /// <summary>The text NaN: counts as missing.</summary>
    NaN, /// <summary>inf, infinity, or a number too large for a double: counts as missing, and is reported.</summary>
    Infinite }

/// <summary>Reads numbers as they are written in tables: a point as decimal separator, optional sign and exponent, spaces around; no
/// thousands separators.</summary>
public static class FieldNumber
{
    private static readonly double[] PowersOfTen =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Reads <paramref name="field"/>. The result is the double nearest to the text.</summary>
    /// <remarks>Up to 15 digits and a power of ten up to 22 are exact in doubles, so one division or multiplication rounds right (W.
    /// Clinger, "How to read floating point numbers accurately", PLDI 1990); all else goes the framework's way.</remarks>
    public static NumberKind Read(ReadOnlySpan<byte> field, out double number)
    {
        number = double.NaN;
        field = field.Trim((byte)' ');
        if (field.IsEmpty) return NumberKind.None;
        var negative = field[0] == '-';
        var at = negative || field[0] == '+' ? 1 : 0;
        var (mantissa, digits, fraction, point) = (0L, 0, 0, false);
        for (; at < field.Length; at++)
        {
            var d = field[at] - '0';
            if ((uint)d <= 9)
            {
                mantissa = mantissa * 10 + d;
                if (mantissa != 0 || d != 0) digits++;
                if (point) fraction++;
                if (digits > 15) return Slow(field, out number);
            }
            else if (field[at] == '.' && !point) point = true;
            else return Slow(field, out number);
        }
        if (at - (point ? 1 : 0) - (field[0] is (byte)'-' or (byte)'+' ? 1 : 0) == 0) return NumberKind.None; // A sign or a point alone.
        if (fraction > 22) return Slow(field, out number);
        number = mantissa / PowersOfTen[fraction];
        if (negative) number = -number;
        return NumberKind.Finite;
    }

    private static NumberKind Slow(ReadOnlySpan<byte> field, out double number)
    {
        number = double.NaN;
        var first = field[0] is (byte)'-' or (byte)'+' && field.Length > 1 ? field[1] : field[0];
        if (first is >= (byte)'0' and <= (byte)'9' or (byte)'.')
        {
            const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (!double.TryParse(field, styles, CultureInfo.InvariantCulture, out var read)) return NumberKind.None;
            if (!double.IsFinite(read)) return NumberKind.Infinite;
            number = read;
            return NumberKind.Finite;
        }
        if (Ascii.EqualsIgnoreCase(field, "nan"u8)) return NumberKind.NaN;
        var unsigned = field[0] is (byte)'-' or (byte)'+' ? field[1..] : field;
        return Ascii.EqualsIgnoreCase(unsigned, "inf"u8) || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8) ? NumberKind.Infinite
            : NumberKind.None;
    }
}
