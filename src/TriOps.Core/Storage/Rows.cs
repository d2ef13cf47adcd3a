using System.Globalization;

namespace TriOps.Core.Storage;

/// <summary>Row keys whose ordinal order is the wanted order. Tables list rows in ascending order only, so "newest first" is written into
/// the key.</summary>
public static class Rows
{
    private const int MaxNumber = 99_999_999;

    /// <summary>Numbers 0 to 99,999,999, highest first.</summary>
    public static string Descending(int number) => (MaxNumber - number).ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>Numbers 0 to 99,999,999, lowest first.</summary>
    public static string Ascending(int number) => number.ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>Times, latest first.</summary>
    public static string Descending(DateTimeOffset time) => (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks)
        .ToString("D19", CultureInfo.InvariantCulture);
}
