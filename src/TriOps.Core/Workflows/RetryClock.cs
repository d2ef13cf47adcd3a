namespace TriOps.Core.Workflows;

/// <summary>The arithmetic of <see cref="Retry"/>.</summary>
public static class RetryClock
{
    private static readonly TimeSpan MaxIntervalByDefault = TimeSpan.FromHours(1);

    /// <summary>Refuses a policy that could not work.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static void Check(Retry retry)
    {
        if (retry.MaxAttempts < 1 || retry.FirstInterval <= TimeSpan.Zero || !(retry.Backoff >= 1) || retry.MaxInterval < retry.FirstInterval || retry.Timeout < retry.FirstInterval)
            throw new ArgumentException($"{retry} is not a retry policy: attempts must be at least 1, the first interval above zero, the backoff at least 1, the longest interval and the time limit no less than the first interval.", nameof(retry));
    }

    /// <summary>How long to wait after a failed attempt; null: no more attempts.</summary>
    /// <param name="retry">The policy.</param>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="first">When the first attempt started.</param>
    /// <param name="now">When this one failed.</param>
    /// <param name="failure">Why.</param>
    public static TimeSpan? Next(Retry retry, int attempt, DateTimeOffset first, DateTimeOffset now, StepFailure failure)
    {
        if (attempt >= retry.MaxAttempts || failure.IsPermanent) return null;
        var longest = retry.MaxInterval ?? MaxIntervalByDefault;
        var seconds = retry.FirstInterval.TotalSeconds * Math.Pow(retry.Backoff, attempt - 1);
        var wait = seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest;
        return retry.Timeout is { } limit && now + wait > first + limit ? null : wait;
    }
}
