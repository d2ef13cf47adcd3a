using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TriOps.Core.Telemetry;

/// <summary>The names under which all of TriOps traces and measures: one source, one meter.</summary>
public static class TriOpsTelemetry
{
    /// <summary>Of the activity source and the meter.</summary>
    public const string Name = "TriOps";

    /// <summary>Spans: blob → workflow → activity → job.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Counters and histograms.</summary>
    public static Meter Meter { get; } = new(Name);
}
