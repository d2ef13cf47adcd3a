using System.Diagnostics.Metrics;
using TriOps.Core.Telemetry;

namespace TriOps.Activities.Datasets;

/// <summary>What ingestion counts.</summary>
internal static class IngestMetrics
{
    /// <summary>Bytes read from the inbox.</summary>
    public static readonly Counter<long> Bytes = TriOpsTelemetry.Meter.CreateCounter<long>("triops.ingest.bytes", "By");
    /// <summary>Bytes that were not stored before.</summary>
    public static readonly Counter<long> AddedBytes = TriOpsTelemetry.Meter.CreateCounter<long>("triops.ingest.added_bytes", "By");
    /// <summary>Rows profiled.</summary>
    public static readonly Counter<long> Rows = TriOpsTelemetry.Meter.CreateCounter<long>("triops.ingest.rows", "{row}");
    /// <summary>Versions made, by status.</summary>
    public static readonly Counter<long> Versions = TriOpsTelemetry.Meter.CreateCounter<long>("triops.ingest.versions", "{version}");
}
