using System.Diagnostics;
using System.Diagnostics.Metrics;
using TriOps.Core.Deployments;
using TriOps.Core.Telemetry;

namespace TriOps.Serving;

/// <summary>What serving counts, by deployment ("demo/tumours") and revision.</summary>
internal static class ServingMetrics
{
    private static readonly Counter<long> Requests =
        TriOpsTelemetry.Meter.CreateCounter<long>("triops.serving.requests", "{request}", "Prediction requests, answered or failed.");
    private static readonly Counter<long> Errors =
        TriOpsTelemetry.Meter.CreateCounter<long>("triops.serving.errors", "{request}",
        "Prediction requests that failed for a reason that is not the client's.");
    private static readonly Histogram<double> Duration =
        TriOpsTelemetry.Meter.CreateHistogram<double>("triops.serving.duration", "s", "From reading the request to its answer.");
    private static readonly Counter<long> Dropped =
        TriOpsTelemetry.Meter.CreateCounter<long>("triops.inference_log.dropped", "{record}",
        "Records that found no room in the inference log.");

    public static void Answered(DeploymentRef deployment, int revision, TimeSpan took, bool failed)
    {
        if (!Requests.Enabled && !Errors.Enabled && !Duration.Enabled) return;
        var tags = new TagList { { "deployment", deployment.ToString() }, { "revision", revision } };
        Requests.Add(1, tags);
        Duration.Record(took.TotalSeconds, tags);
        if (failed) Errors.Add(1, tags);
    }

    public static void LogDropped(long records) => Dropped.Add(records);
}
