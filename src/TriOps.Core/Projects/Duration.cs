using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TriOps.Core.Projects;

/// <summary>Durations as people write them: a whole number and a unit, ms, s, m, h or d ("30s", "10m", "2h", "1d").</summary>
public static class Duration
{
    /// <summary>Longest duration a project file may hold.</summary>
    public static TimeSpan Max { get; } = TimeSpan.FromDays(366);

    /// <summary>The duration in <paramref name="text"/>, 0 to <see cref="Max"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null) return false;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits is <= 0 or > 12
            || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        double milliseconds = text[digits..] switch
            { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => -1 };
        if (milliseconds < 0 || number * milliseconds > Max.TotalMilliseconds) return false;
        duration = TimeSpan.FromMilliseconds(number * milliseconds);
        return true;
    }

    /// <summary>The shortest such text: 90 seconds is "90s", an hour "1h".</summary>
    public static string Format(TimeSpan duration)
    {
        var ms = (long)duration.TotalMilliseconds;
        var (unit, size) = ms == 0 ? ("s", 1000L) : ms % 86_400_000 == 0 ? ("d", 86_400_000L) : ms % 3_600_000 == 0 ? ("h", 3_600_000L)
            : ms % 60_000 == 0 ? ("m", 60_000L) : ms % 1000 == 0 ? ("s", 1000L) : ("ms", 1L);
        return string.Create(CultureInfo.InvariantCulture, $"{ms / size}{unit}");
    }
}
