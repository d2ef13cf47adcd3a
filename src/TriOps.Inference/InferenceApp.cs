using System.Net;
using TriOps.Api;
using TriOps.Core;
using TriOps.Serving;
using TriOps.Storage;
using TriOps.Telemetry;

namespace TriOps.Inference;

/// <summary>Serving's endpoints on plain Kestrel, and nothing of the control plane: no projects, no workflows, no pages. Models are loaded
/// by the first request that wants them.</summary>
public static class InferenceApp
{
    /// <summary>Composes the server. Nothing runs yet, and nothing is created in storage: the control plane has done that.</summary>
    /// <param name="settings">What it was told.</param>
    /// <param name="time">The clock; the system's when null.</param>
    public static WebApplication Build(InferenceSettings settings, TimeProvider? time = null)
    {
        var limits = new DrainLimits();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, ""); // Read into the settings already.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (settings.Guard.LoopbackOnly) kestrel.Listen(IPAddress.Loopback, settings.Port); else kestrel.ListenAnyIP(settings.Port);
        });
        builder.Logging.ClearProviders()
            .AddSimpleConsole(c => (c.SingleLine, c.TimestampFormat, c.UseUtcTimestamp) = (true, "HH:mm:ss ", true))
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = limits.Everything);
        builder.Services
            .AddSingleton(time ?? TimeProvider.System)
            .AddTriOpsCore()
            .AddTriOpsStorage(settings.Storage)
            .AddTriOpsTelemetry("triops-inference", settings.Setting)
            .AddTriOpsServing() // Its log is flushed after the server has stopped: services end in reverse order.
            .AddTriOpsApi()
            .AddSingleton(limits).AddHostedService<Drain>();

        var app = builder.Build();
        app.Use((context, next) => settings.Guard.InvokeAsync(context, next));
        app.MapTriOpsServing();
        return app;
    }
}
