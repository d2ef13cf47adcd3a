using System.Diagnostics.Metrics;
using TriOps.Core.Telemetry;

namespace TriOps.Trainer.Jobs;

/// <summary>What a trainer measures.</summary>
internal static class TrainerMetrics
{
    /// <summary>Attempts that ended, by outcome.</summary>
    public static readonly Counter<long> Attempts = TriOpsTelemetry.Meter.CreateCounter<long>("triops.training.attempts", "{attempt}");
    /// <summary>Seconds of the fit alone, by model family.</summary>
    public static readonly Histogram<double> Fit = TriOpsTelemetry.Meter.CreateHistogram<double>("triops.training.fit.duration", "s");
}
