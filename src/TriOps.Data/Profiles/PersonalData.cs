using System.Net;
using System.Text;
using TriOps.Core.Datasets;

namespace TriOps.Data.Profiles;

/// <summary>What a value looks like.</summary>
[Flags]
internal enum PersonalShapes { None = 0, Email = 1, Phone = 2, Address = 4, Card = 8, CardShape = 16, Iban = 32, IbanShape = 64 }

/// <summary>Looks for personal data in a column's values: e-mail addresses anywhere in a value, the other kinds as the whole value. Numbers
/// with check digits count only when at least half of what is shaped like them checks: one in ten of any sixteen-digit identifiers passes
/// Luhn's test by chance.</summary>
internal sealed class PersonalData
{
    private static readonly ulong[] Classes = [.. Enumerable.Range(0, 256).Select(b => 1UL << 8 * (b switch
    {
        >= '0' and <= '9' => 0, >= 'a' and <= 'z' or >= 'A' and <= 'Z' => 1, ' ' or '-' or '(' or ')' => 2, '.' => 3, ':' => 4, _ => 5,
    }))];
    private long emails, phones, addresses, cards, cardsShaped, ibans, ibansShaped;

    /// <summary>Counts what <see cref="Of"/> said of a value that occurred <paramref name="times"/> times.</summary>
    public void Count(PersonalShapes shapes, long times)
    {
        if (shapes.HasFlag(PersonalShapes.Email)) emails += times;
        if (shapes.HasFlag(PersonalShapes.Phone)) phones += times;
        if (shapes.HasFlag(PersonalShapes.Address)) addresses += times;
        if (shapes.HasFlag(PersonalShapes.Card)) cards += times;
        if (shapes.HasFlag(PersonalShapes.CardShape)) cardsShaped += times;
        if (shapes.HasFlag(PersonalShapes.Iban)) ibans += times;
        if (shapes.HasFlag(PersonalShapes.IbanShape)) ibansShaped += times;
    }

    /// <summary>Looks at one value.</summary>
    public static PersonalShapes Of(ReadOnlySpan<byte> value)
    {
        value = value.Trim((byte)' ');
        if (value.Length < 3) return PersonalShapes.None;
        if (value.Contains((byte)'@')) return HasEmail(value) ? PersonalShapes.Email : PersonalShapes.None;
        if (value.Length > 45) return PersonalShapes.None;
        var counts = 0UL; // Six counts of a byte each: 45 at most.
        foreach (var b in value) counts += Classes[b];
        int digits = (byte)counts, letters = (byte)(counts >> 8), separators = (byte)(counts >> 16), dots = (byte)(counts >> 24),
            colons = (byte)(counts >> 32), others = (byte)(counts >> 40);
        if (digits == 0 && colons < 2) return PersonalShapes.None;

        var shapes = PersonalShapes.None;
        if (letters == 0 && dots == 0 && colons == 0 && others == 0 && digits is >= 13 and <= 19 && value.Length - digits <= 6
            && value[0] is >= (byte)'2' and <= (byte)'6')
        {
            shapes |= PersonalShapes.CardShape;
            if (Luhn(value)) return shapes | PersonalShapes.Card;
        }
        if (letters >= 2 && digits >= 9 && digits + letters is >= 15 and <= 34 && dots + colons + others == 0
            && char.IsAsciiLetter((char)value[0]) && char.IsAsciiLetter((char)value[1]) && char.IsAsciiDigit((char)value[2]))
        {
            shapes |= PersonalShapes.IbanShape;
            if (Mod97(value)) return shapes | PersonalShapes.Iban;
        }
        var dotted = dots == 3 && letters + colons + separators + others == 0 && digits is >= 4 and <= 12;
        if ((dotted || (colons >= 2 && separators + others == 0)) && IPAddress.TryParse(Encoding.ASCII.GetString(value), out _))
            return shapes | PersonalShapes.Address;
        if (letters == 0 && colons == 0 && digits is >= 7 and <= 15 && !TimestampText.Is(value)
            && (value[0] == '+' ? others == 1 : others == 0 && digits >= 10 && separators + dots >= 2 && value[0] is (byte)'('
            or >= (byte)'0' and <= (byte)'9')) shapes |= PersonalShapes.Phone;
        return shapes;
    }

    /// <summary>What was seen: kinds of <see cref="PersonalDataKinds"/> with the number of values.</summary>
    public IReadOnlyDictionary<string, long> Found()
    {
        var found = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (emails > 0) found[PersonalDataKinds.Email] = emails;
        if (phones > 0) found[PersonalDataKinds.Phone] = phones;
        if (cards > 0 && cards * 2 >= cardsShaped) found[PersonalDataKinds.CreditCard] = cards;
        if (ibans > 0 && ibans * 2 >= ibansShaped) found[PersonalDataKinds.Iban] = ibans;
        if (addresses > 0) found[PersonalDataKinds.IpAddress] = addresses;
        return found;
    }

    private static bool HasEmail(ReadOnlySpan<byte> value)
    {
        for (var from = 0; ;)
        {
            var at = value[from..].IndexOf((byte)'@');
            if (at < 0) return false;
            at += from;
            var (start, end) = (at, at + 1);
            while (start > 0 && IsLocal(value[start - 1])) start--;
            while (end < value.Length && (char.IsAsciiLetterOrDigit((char)value[end]) || value[end] is (byte)'-' or (byte)'.')) end++;
            var domain = value[(at + 1)..end].TrimEnd((byte)'.');
            var dot = domain.LastIndexOf((byte)'.');
            if (start < at && dot > 0 && domain.Length - dot > 2 && char.IsAsciiLetter((char)domain[^1])) return true;
            from = at + 1;
        }
        static bool IsLocal(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'_' or (byte)'%'
            or (byte)'+' or (byte)'-';
    }

    /// <summary>ISO/IEC 7812-1, annex B.</summary>
    private static bool Luhn(ReadOnlySpan<byte> value)
    {
        var (sum, twice) = (0, false);
        for (var i = value.Length - 1; i >= 0; i--)
        {
            if (value[i] is < (byte)'0' or > (byte)'9') continue;
            var d = (value[i] - '0') * (twice ? 2 : 1);
            sum += d > 9 ? d - 9 : d;
            twice = !twice;
        }
        return sum % 10 == 0;
    }

    /// <summary>ISO 7064 MOD 97-10 over the number with its first four characters moved to the end.</summary>
    private static bool Mod97(ReadOnlySpan<byte> value)
    {
        Span<byte> packed = stackalloc byte[value.Length];
        var length = 0;
        foreach (var b in value)
            if (char.IsAsciiLetterOrDigit((char)b)) packed[length++] = b;
        var rest = 0;
        for (var i = 0; i < length; i++)
        {
            var c = packed[(i + 4) % length];
            rest = char.IsAsciiDigit((char)c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + (c | 0x20) - 'a' + 10) % 97;
        }
        return rest == 1;
    }
}
