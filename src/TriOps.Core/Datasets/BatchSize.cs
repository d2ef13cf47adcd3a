namespace TriOps.Core.Datasets;

/// <summary>How many waiting files a version may take along. A file that breaks a rule is found by halving; so that many such files do not
/// each cost a search, what follows a quarantine begins small and doubles while it goes well.</summary>
public static class BatchSize
{
    /// <summary>Most files that one version adds.</summary>
    public const int Most = 500;

    /// <summary>How many of the newest versions are looked at.</summary>
    public const int Looks = 10;

    /// <summary>At most so many for the next one.</summary>
    /// <param name="newest">The newest versions, newest first.</param>
    public static int After(IReadOnlyList<DatasetVersion> newest)
    {
        if (newest.Count == 0) return Most;
        if (newest[0].Status == VersionStatus.Quarantined) return 1;
        return newest.Take(Looks).Any(v => v.Status == VersionStatus.Quarantined) ? Math.Min(Most, 2 * (newest[0].Others.Count + 1)) : Most;
    }
}
