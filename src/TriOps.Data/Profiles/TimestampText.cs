namespace TriOps.Data.Profiles;

/// <summary>Recognises ISO 8601 dates and times: 2026-01-31, 2026-01-31T23:59, 2026-01-31 23:59:59.999Z, with offsets like
/// +01:00.</summary>
internal static class TimestampText
{
    /// <summary>True when the field is a calendar date, with or without a time of day.</summary>
    public static bool Is(ReadOnlySpan<byte> f)
    {
        if (f.Length < 10 || f[4] != '-' || f[7] != '-') return false;
        int century = Two(f, 0), year = Two(f, 2), month = Two(f, 5), day = Two(f, 8);
        if ((century | year | month | day) < 0 || century + year == 0 || month is 0 or > 12 || day == 0
            || day > DateTime.DaysInMonth(century * 100 + year, month)) return false;
        if (f.Length == 10) return true;
        if (f.Length < 16 || f[10] is not ((byte)'T' or (byte)' ') || f[13] != ':' || Two(f, 11) is < 0 or > 24
            || Two(f, 14) is < 0 or > 59) return false;
        var at = 16;
        if (at < f.Length && f[at] == ':')
        {
            if (f.Length < 19 || Two(f, 17) is < 0 or > 60) return false;
            at = 19;
            if (at < f.Length && f[at] is (byte)'.' or (byte)',')
            {
                var fraction = f[(at + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                at = fraction < 0 ? f.Length : at + 1 + fraction;
            }
        }
        var zone = f[at..];
        return zone.IsEmpty || zone.SequenceEqual("Z"u8) || (zone[0] is (byte)'+' or (byte)'-' && zone.Length switch
        {
            3 => Two(zone, 1) >= 0,
            5 => (Two(zone, 1) | Two(zone, 3)) >= 0,
            6 => zone[3] == ':' && (Two(zone, 1) | Two(zone, 4)) >= 0,
            _ => false,
        });
    }

    /// <summary>Two digits as a number; negative when they are none.</summary>
    private static int Two(ReadOnlySpan<byte> f, int at)
    {
        uint tens = (uint)(f[at] - '0'), ones = (uint)(f[at + 1] - '0');
        return tens <= 9 && ones <= 9 ? (int)(tens * 10 + ones) : -1;
    }
}
