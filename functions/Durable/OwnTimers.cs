namespace TriOps.Functions.Durable;

/// <summary>Timers that the adapter sets for itself. A history has no names for timers, so theirs end on an odd tick, by which people's views of the steps
/// pass them over.</summary>
internal static class OwnTimers
{
    private const int Mark = 7;

    /// <summary>When a delay is over; the end of time when it has none.</summary>
    public static DateTime After(DateTimeOffset now, TimeSpan delay) =>
        delay <= TimeSpan.Zero ? now.UtcDateTime : delay < DateTimeOffset.MaxValue - now ? (now + delay).UtcDateTime : DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    /// <summary>The time as one of ours.</summary>
    public static DateTime Ours(DateTime at) => at.AddTicks(Mark - at.Ticks % TimeSpan.TicksPerMillisecond);

    /// <summary>The time as one that is not ours.</summary>
    public static DateTime Others(DateTime at) => IsOurs(at) ? at.AddTicks(1) : at;

    /// <summary>True for a timer of ours.</summary>
    public static bool IsOurs(DateTime at) => at.Ticks % TimeSpan.TicksPerMillisecond == Mark;
}
