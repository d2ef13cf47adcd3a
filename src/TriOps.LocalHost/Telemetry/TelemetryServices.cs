using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TriOps.Core;
using TriOps.Core.Telemetry;

namespace TriOps.LocalHost.Telemetry;

/// <summary>Where traces and metrics go.</summary>
public enum TelemetryTarget { /// <summary>Nowhere.</summary>
    None, /// <summary>Standard output.</summary>
    Console, /// <summary>An OpenTelemetry collector.</summary>
    Otlp, /// <summary>Application Insights.</summary>
    AzureMonitor }

/// <summary>The one place DI learns of OpenTelemetry.</summary>
public static class TelemetryServices
{
    /// <summary>What the configuration asks for: APPLICATIONINSIGHTS_CONNECTION_STRING, else OTEL_EXPORTER_OTLP_ENDPOINT, else TRIOPS_TELEMETRY=console.</summary>
    /// <exception cref="InvalidInputException">TRIOPS_TELEMETRY has another value (code telemetry-invalid).</exception>
    public static TelemetryTarget TargetOf(IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"])) return TelemetryTarget.AzureMonitor;
        if (!string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return TelemetryTarget.Otlp;
        return configuration["TRIOPS_TELEMETRY"] switch
        {
            null or "" or "none" => TelemetryTarget.None,
            "console" => TelemetryTarget.Console,
            var other => throw new InvalidInputException("telemetry-invalid", $"TRIOPS_TELEMETRY is '{other}'; it may be 'console' or 'none'. A collector is named by OTEL_EXPORTER_OTLP_ENDPOINT, Application Insights by APPLICATIONINSIGHTS_CONNECTION_STRING."),
        };
    }

    /// <summary>Traces and metrics of TriOps and ASP.NET Core, to the target the configuration asks for. Without one nothing is collected.</summary>
    public static IServiceCollection AddTriOpsTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var target = TargetOf(configuration);
        if (target == TelemetryTarget.None) return services;
        services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService("triops-localhost"))
            .WithTracing(t =>
            {
                t.AddSource(TriOpsTelemetry.Name, "Microsoft.AspNetCore");
                _ = target switch
                {
                    TelemetryTarget.AzureMonitor => t.AddAzureMonitorTraceExporter(o => o.ConnectionString = configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"]),
                    TelemetryTarget.Otlp => t.AddOtlpExporter(),
                    _ => t.AddConsoleExporter(),
                };
            })
            .WithMetrics(m =>
            {
                m.AddMeter(TriOpsTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime");
                _ = target switch
                {
                    TelemetryTarget.AzureMonitor => m.AddAzureMonitorMetricExporter(o => o.ConnectionString = configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"]),
                    TelemetryTarget.Otlp => m.AddOtlpExporter(),
                    _ => m.AddConsoleExporter(),
                };
            });
        return services;
    }
}
