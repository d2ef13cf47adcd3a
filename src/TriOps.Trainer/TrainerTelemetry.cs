using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TriOps.Core.Telemetry;

namespace TriOps.Trainer;

/// <summary>Sends the job's span where the environment says: to Azure Monitor (APPLICATIONINSIGHTS_CONNECTION_STRING), by OTLP (OTEL_EXPORTER_OTLP_ENDPOINT), or nowhere.</summary>
internal static class TrainerTelemetry
{
    public static TracerProvider? Start()
    {
        var (monitor, otlp) = (Environment.GetEnvironmentVariable("APPLICATIONINSIGHTS_CONNECTION_STRING"), Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));
        if (string.IsNullOrEmpty(monitor) && string.IsNullOrEmpty(otlp)) return null;
        var builder = Sdk.CreateTracerProviderBuilder().ConfigureResource(r => r.AddService("triops-trainer")).AddSource(TriOpsTelemetry.Name);
        return (string.IsNullOrEmpty(monitor) ? builder.AddOtlpExporter() : builder.AddAzureMonitorTraceExporter(o => o.ConnectionString = monitor)).Build();
    }
}
