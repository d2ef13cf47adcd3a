namespace TriOps.Core.Names;

/// <summary>Finds what somebody meant to write, by edit distance (Levenshtein) without regard to case.</summary>
public static class NearestName
{
    private const int LongestWritten = 256;

    /// <summary>" Did you mean 'x'?" for the nearest of <paramref name="known"/>, or "" when none is near; '-' and '_' are the
    /// same.</summary>
    public static string Hint(string written, IEnumerable<string> known)
    {
        if (written.Length > 64) return "";
        var best = known.Select(k => (Name: k, Distance: Distance(written.Replace('-', '_'), k.Replace('-', '_'))))
            .OrderBy(k => k.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= (best.Name.Length < 4 ? 1 : Math.Clamp(best.Name.Length / 3, 2, 3))
            ? $" Did you mean '{best.Name}'?" : "";
    }

    /// <summary>The one of <paramref name="known"/> with the fewest edits, or null when all differ in more than half of their
    /// letters.</summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        var best = known.Select(k => (Name: k, Distance: Distance(written, k))).OrderBy(k => k.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(best.Name.Length, written.Length) / 2 ? best.Name : null;
    }

    private static int Distance(string a, string b)
    {
        if (Math.Max(a.Length, b.Length) > LongestWritten) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                left = Math.Min(Math.Min(row[j], left) + 1, diagonal + (same ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }
        return row[b.Length];
    }
}
