namespace TriOps.Compute;

/// <summary>The waits of one operation: exponential, with jitter, as long as the other side asks for, and bounded in all.</summary>
internal sealed class Patience(TimeSpan limit, TimeProvider time, Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(15);
    private readonly long begun = time.GetTimestamp();
    private int waits;

    /// <summary>Waits before the next try. False: that would take the operation over its limit.</summary>
    /// <param name="asked">What Retry-After says, if that is longer; waited in full, and a little more so that callers do not come back
    /// together.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<bool> WaitAsync(TimeSpan? asked, CancellationToken ct)
    {
        var full = TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(waits++, 10))));
        var wait = (0.5 + 0.5 * random.NextDouble()) * full;
        if (asked is { } told && told > wait) wait = told + 0.5 * random.NextDouble() * First;
        if (time.GetElapsedTime(begun) + wait > limit) return false;
        await Task.Delay(wait, time, ct);
        return true;
    }
}
