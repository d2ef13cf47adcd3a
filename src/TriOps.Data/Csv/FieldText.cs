using System.Text;

namespace TriOps.Data.Csv;

/// <summary>Tells fields without a value from others: the empty field, spaces alone, and the texts a project declares.</summary>
public sealed class MissingValues(IEnumerable<string> texts)
{
    private readonly byte[][] texts = [.. texts.Where(t => t.Length > 0).Select(Encoding.UTF8.GetBytes)];
    // Bit n: one has n bytes.
    private readonly ulong lengths = texts.Aggregate(0UL, (all, t) => all | 1UL << Math.Min(63, Encoding.UTF8.GetByteCount(t)));

    /// <summary>True when the field holds no value.</summary>
    public bool Includes(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty) return true;
        if ((lengths >> Math.Min(63, field.Length) & 1) != 0)
            foreach (var text in texts)
                if (field.SequenceEqual(text)) return true;
        return field[0] == ' ' && field.IndexOfAnyExcept((byte)' ') < 0;
    }
}

/// <summary>Reads booleans.</summary>
public static class FieldBoolean
{
    /// <summary>true/false, yes/no, t/f, y/n in any case. 1/0 too when <paramref name="digits"/>: only for columns declared as
    /// booleans.</summary>
    public static bool TryRead(ReadOnlySpan<byte> field, bool digits, out bool value)
    {
        field = field.Trim((byte)' ');
        value = Is(field, "true"u8) || Is(field, "yes"u8) || Is(field, "t"u8) || Is(field, "y"u8) || (digits && field.SequenceEqual("1"u8));
        return value || Is(field, "false"u8) || Is(field, "no"u8) || Is(field, "f"u8) || Is(field, "n"u8)
            || (digits && field.SequenceEqual("0"u8));
        static bool Is(ReadOnlySpan<byte> field, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(field, word);
    }
}
