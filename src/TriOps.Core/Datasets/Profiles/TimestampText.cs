namespace TriOps.Core.Datasets.Profiles;

/// <summary>Recognises ISO 8601 dates and times: 2026-01-31, 2026-01-31T23:59, 2026-01-31 23:59:59.999Z, with offsets like +01:00.</summary>
internal static class TimestampText
{
    /// <summary>True when the field is a calendar date, with or without a time of day.</summary>
    public static bool Is(ReadOnlySpan<byte> f)
    {
        if (f.Length < 10 || f[4] != '-' || f[7] != '-' || !Digits(f, 0, 4, out var year) || !Digits(f, 5, 2, out var month) || !Digits(f, 8, 2, out var day)) return false;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)) return false;
        if (f.Length == 10) return true;
        if (f[10] is not ((byte)'T' or (byte)' ') || f.Length < 16 || f[13] != ':' || !Digits(f, 11, 2, out var hour) || !Digits(f, 14, 2, out var minute) || hour > 24 || minute > 59) return false;
        var at = 16;
        if (at < f.Length && f[at] == ':')
        {
            if (!Digits(f, 17, 2, out var second) || second > 60) return false;
            at = 19;
            if (at < f.Length && f[at] is (byte)'.' or (byte)',')
            {
                var fraction = f[(at + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                at = fraction < 0 ? f.Length : at + 1 + fraction;
            }
        }
        var zone = f[at..];
        return zone.IsEmpty || zone.SequenceEqual("Z"u8) || (zone[0] is (byte)'+' or (byte)'-'
            && (zone.Length == 6 && zone[3] == ':' ? Digits(zone, 1, 2, out _) && Digits(zone, 4, 2, out _) : zone.Length == 5 ? Digits(zone, 1, 4, out _) : zone.Length == 3 && Digits(zone, 1, 2, out _)));
    }

    private static bool Digits(ReadOnlySpan<byte> f, int at, int count, out int value)
    {
        value = 0;
        if (at + count > f.Length) return false;
        for (var i = at; i < at + count; i++)
        {
            if (f[i] is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + f[i] - '0';
        }
        return true;
    }
}
