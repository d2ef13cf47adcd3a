namespace TriOps.Core.Deployments;

/// <summary>What revisions did, from the inference log.</summary>
public static class RevisionStatistics
{
    /// <summary>Requests, errors and latency by revision, lowest number first. Percentiles are order statistics (nearest rank) of the
    /// answered requests, in milliseconds; 0 without any.</summary>
    public static async Task<IReadOnlyList<RevisionStats>> ComputeAsync(IAsyncEnumerable<InferenceRecord> records, CancellationToken ct)
    {
        var seen = new SortedDictionary<int, (long Errors, List<long> Microseconds)>();
        await foreach (var record in records.WithCancellation(ct))
        {
            var (errors, times) = seen.TryGetValue(record.Revision, out var known) ? known : (0, []);
            if (record.Error is null) times.Add(record.Microseconds);
            seen[record.Revision] = (record.Error is null ? errors : errors + 1, times);
        }
        return [.. seen.Select(r => Of(r.Key, r.Value.Errors, r.Value.Microseconds))];
    }

    private static RevisionStats Of(int revision, long errors, List<long> times)
    {
        times.Sort();
        return new(revision, times.Count + errors, errors, At(0.50), At(0.95), At(0.99));

        double At(double q) => times.Count == 0 ? 0 : times[Math.Max(0, (int)Math.Ceiling(q * times.Count) - 1)] / 1000.0;
    }
}
