namespace TriOps.Core.Workflows;

/// <summary>When a failed step is tried again: the n-th wait is <c>min(FirstInterval * Backoff^(n-1), MaxInterval)</c>, stretched by up to
/// <see cref="Stagger.Most"/> so that what failed together does not come back together.</summary>
/// <param name="MaxAttempts">The first try included; at least 1.</param>
/// <param name="FirstInterval">Above zero.</param>
/// <param name="Backoff">At least 1.</param>
/// <param name="MaxInterval">One hour when null.</param>
public sealed record Retry(int MaxAttempts, TimeSpan FirstInterval, double Backoff = 2, TimeSpan? MaxInterval = null)
{
    private static readonly TimeSpan MaxIntervalByDefault = TimeSpan.FromHours(1);

    /// <summary>For steps that call storage: five attempts over 15 to 22 s. Failures that cannot improve
    /// (<see cref="StepFailure.IsPermanent"/>) are not retried.</summary>
    public static Retry Standard { get; } = new(5, TimeSpan.FromSeconds(1));

    /// <summary>For what storage has taken in, which does not fail because storage is away for an hour.</summary>
    public static Retry Patient { get; } = new(20, TimeSpan.FromSeconds(1), MaxInterval: TimeSpan.FromMinutes(5));

    /// <summary>For what must not stay undone because storage was away for a while: about two hours of attempts.</summary>
    public static Retry Persistent { get; } = new(30, TimeSpan.FromSeconds(2), MaxInterval: TimeSpan.FromMinutes(5));

    /// <summary>Refuses a policy that could not work.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Check()
    {
        if (MaxAttempts < 1 || FirstInterval <= TimeSpan.Zero || !(Backoff >= 1) || MaxInterval < FirstInterval)
            throw new ArgumentException($"{this} is not a retry policy: attempts must be at least 1, the first interval above zero, the "
                + $"backoff at least 1, the longest interval no less than the first.");
    }

    /// <summary>How long to wait after a failed attempt; null: no more attempts.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="failure">Why.</param>
    /// <param name="step">Tells this step's waits from those of others.</param>
    public TimeSpan? After(int attempt, StepFailure failure, string step)
    {
        if (attempt >= MaxAttempts || failure.IsPermanent) return null;
        var longest = MaxInterval ?? MaxIntervalByDefault;
        var seconds = FirstInterval.TotalSeconds * Math.Pow(Backoff, attempt - 1);
        return Stagger.Of(seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest, $"{step}#{attempt}");
    }
}
