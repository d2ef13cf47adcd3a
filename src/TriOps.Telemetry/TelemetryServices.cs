using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TriOps.Core;
using TriOps.Core.Settings;
using TriOps.Core.Telemetry;

namespace TriOps.Telemetry;

/// <summary>The one place DI learns of OpenTelemetry.</summary>
public static class TelemetryServices
{
    private static readonly string[] Meters = [TriOpsTelemetry.Name, "System.Runtime"];
    private static readonly string[] RequestMeters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>TriOps' own spans, and those of the engine that runs the workflows in a process.</summary>
    private static readonly string[] Sources = [TriOpsTelemetry.Name, "DurableTask.Core"];

    /// <summary>Traces and metrics of TriOps, to the target the settings ask for. Without one nothing is collected.</summary>
    /// <param name="services">The services.</param>
    /// <param name="service">The process: service.name of the resource, unless OTEL_SERVICE_NAME says otherwise.</param>
    /// <param name="setting">The value of a setting, or null.</param>
    /// <param name="requests">Whether ASP.NET Core's own spans and metrics are collected. Not where something in front of the process
    /// reports each request.</param>
    /// <param name="more">More set-up of the same pipeline, done when there is a target.</param>
    /// <exception cref="InvalidInputException">See <see cref="TelemetryTargets.Of"/>.</exception>
    public static IServiceCollection AddTriOpsTelemetry(this IServiceCollection services, string service, Func<string, string?> setting,
        bool requests = true, Action<IOpenTelemetryBuilder>? more = null)
    {
        var target = TelemetryTargets.Of(setting);
        if (target == TelemetryTarget.None) return services;
        var builder = services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService(setting("OTEL_SERVICE_NAME") is { Length: > 0 } name ? name : service))
            .WithTracing(t => Export(t.AddSource(requests ? [.. Sources, "Microsoft.AspNetCore"] : Sources)))
            .WithMetrics(m => ExportMetrics(m.AddMeter(requests ? [.. Meters, .. RequestMeters] : Meters)));
        more?.Invoke(builder);
        return services;

        TracerProviderBuilder Export(TracerProviderBuilder tracing) => target switch
        {
            TelemetryTarget.AzureMonitor => tracing.AddAzureMonitorTraceExporter(Configure, Credential()),
            TelemetryTarget.Otlp => tracing.AddOtlpExporter(),
            _ => tracing.AddConsoleExporter(),
        };

        MeterProviderBuilder ExportMetrics(MeterProviderBuilder metrics) => target switch
        {
            TelemetryTarget.AzureMonitor => metrics.AddAzureMonitorMetricExporter(Configure, Credential()),
            TelemetryTarget.Otlp => metrics.AddOtlpExporter(),
            _ => metrics.AddConsoleExporter(),
        };

        void Configure(AzureMonitorExporterOptions options) => options.ConnectionString = setting(SettingNames.ApplicationInsights);

        // In Azure the component takes no key: the process signs in. Elsewhere the connection string is enough.
        TokenCredential? Credential() => setting(SettingNames.Identity) is { Length: > 0 } ? new DefaultAzureCredential() : null;
    }
}
