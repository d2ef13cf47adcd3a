using TriOps.Activities;
using TriOps.Api;
using TriOps.Api.Security;
using TriOps.Compute;
using TriOps.Core;
using TriOps.Core.Settings;
using TriOps.Dashboard;
using TriOps.Data;
using TriOps.LocalHost.Engine;
using TriOps.LocalHost.Triggers;
using TriOps.LocalHost.Workflows;
using TriOps.Serving;
using TriOps.Storage;
using TriOps.Telemetry;

namespace TriOps.LocalHost.Hosting;

/// <summary>All rooms in one process: what is composed, what is mapped, and how it runs.</summary>
public static class HostApp
{
    /// <summary>Open requests and running turns have this long at the end.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(3);

    /// <summary>Composes the application. Nothing runs yet.</summary>
    public static WebApplication Build(HostArguments arguments, StateFolder state, LocalStorage storage, RequestGuard guard)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(k => k.Listen(arguments.Address, arguments.Port));
        builder.Logging.ClearProviders()
            .AddSimpleConsole(c => (c.SingleLine, c.TimestampFormat, c.UseUtcTimestamp) = (true, "HH:mm:ss ", true))
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("DurableTask", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownLimit);

        builder.Services
            .AddTriOpsCore().AddTriOpsData()
            .AddTriOpsStorage(storage.Options)
            .AddTriOpsTelemetry("triops-localhost", name => builder.Configuration[name])
            .AddTriOpsServing(new ServingOptions { ModelFolder = state.Models })
            .AddTriOpsActivities()
            // Stopped in reverse order: triggers, then workflows, then trainers.
            .AddTriOpsProcessCompute(Trainers(arguments, state, storage))
            .AddTriOpsEngine(storage.Options, Registrations.AddAll, engine => engine.Worker = state.Identity)
            .AddTriOpsTriggers()
            .AddTriOpsApi()
            .AddTriOpsDashboard();
        if (storage.IsOwn) AddDiskWatch(builder.Services, state.Azurite);
        if (arguments.ParentProcess is { } parent)
            builder.Services.AddHostedService(s => ActivatorUtilities.CreateInstance<ParentWatch>(s, parent));

        var app = builder.Build();
        app.Use((context, next) => guard.InvokeAsync(context, next));
        if (app.Services.GetService<DiskWatch>() is { } disk) app.Use((context, next) => disk.InvokeAsync(context, next));
        app.MapTriOpsApi();
        app.MapTriOpsDashboard();
        return app;
    }

    /// <summary>Makes the storage ready, starts, says so in host.json, and returns when the host has been asked to end and has
    /// ended.</summary>
    public static async Task RunAsync(WebApplication app, StateFolder state, LocalStorage storage)
    {
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        await app.Services.GetRequiredService<StorageProvisioner>().EnsureAsync(lifetime.ApplicationStopping);
        await app.StartAsync();
        var url = app.Urls.First();
        state.Announce(
            new HostFile(url, Environment.ProcessId, storage.Options.Describe(), app.Services.GetRequiredService<TimeProvider>()
            .GetUtcNow()));
        Console.WriteLine($"TriOps listens on {url}");
        await app.WaitForShutdownAsync();
    }

    private static void AddDiskWatch(IServiceCollection services, string folder)
    {
        services.AddSingleton(
            s => new DiskWatch(folder, () => DiskWatch.FreeAt(folder), s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<DiskWatch>>()));
        services.AddHostedService(s => s.GetRequiredService<DiskWatch>());
        services.AddOptions<EngineOptions>().Configure<DiskWatch>((engine, disk) => engine.Gate = disk.WaitAsync);
    }

    private static ProcessComputeOptions Trainers(HostArguments arguments, StateFolder state, LocalStorage storage) => new(
        () => TrainerPath.Command(arguments.Trainer), state.Jobs,
        new Dictionary<string, string>
        {
            [SettingNames.Storage] = storage.Options.ConnectionString ?? storage.Options.BlobEndpoint!.Host.Split('.')[0],
            [SettingNames.StoragePrefix] = storage.Options.Prefix,
        },
        arguments.MaxJobs);
}
