namespace TriOps.Activities.Evaluations;

/// <summary>Values that cost much to make and that several ask for at about the same time: each is made once and kept for a while after it was last asked for.</summary>
/// <param name="time">Tells how long ago that was.</param>
/// <param name="kept">How long a value nobody asks for is kept.</param>
/// <param name="most">Most values kept; the one not asked for longest goes first.</param>
internal sealed class MadeOnce<T>(TimeProvider time, TimeSpan kept, int most) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (Task<T> Making, DateTimeOffset Asked)> values = [];
    private ITimer? sweep;

    /// <summary>The value of that key. Callers who come while it is being made wait for the same one; one that could not be made is forgotten.</summary>
    /// <param name="key">Equal keys, equal values.</param>
    /// <param name="make">Makes it. One caller's cancellation does not stop it: others may wait.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task<T> GetAsync(string key, Func<Task<T>> make, CancellationToken ct)
    {
        Task<T> making;
        lock (gate)
        {
            making = values.TryGetValue(key, out var known) ? known.Making : Task.Run(make, CancellationToken.None);
            values[key] = (making, time.GetUtcNow());
            if (values.Count > most) values.Remove(values.MinBy(v => v.Value.Asked).Key);
            sweep ??= time.CreateTimer(_ => Sweep(), null, kept, kept);
        }
        try { return await making.WaitAsync(ct); }
        catch
        {
            if (making.IsFaulted)
                lock (gate)
                    if (values.TryGetValue(key, out var known) && known.Making == making) values.Remove(key);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate) sweep?.Dispose();
    }

    private void Sweep()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var old in values.Where(v => v.Value.Asked + kept <= now).ToList()) values.Remove(old.Key);
            if (values.Count > 0) return;
            sweep?.Dispose();
            sweep = null;
        }
    }
}
