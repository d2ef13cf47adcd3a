namespace TriOps.Core.Names;

/// <summary>Finds what somebody meant to write.</summary>
public static class NearestName
{
    /// <summary>" Did you mean 'x'?" for the nearest of <paramref name="known"/> by edit distance (Levenshtein), or "" when none is
    /// near.</summary>
    public static string Hint(string written, IEnumerable<string> known)
    {
        if (written.Length > 64) return "";
        var best =
            known.Select(
            k => (Name: k, Distance: Distance(written.ToLowerInvariant().Replace('-', '_'), k.ToLowerInvariant().Replace('-', '_'))))
            .OrderBy(k => k.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= (best.Name.Length < 4 ? 1 : Math.Clamp(best.Name.Length / 3, 2, 3))
            ? $" Did you mean '{best.Name}'?" : "";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                left = Math.Min(Math.Min(row[j], left) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }
        return row[b.Length];
    }
}
