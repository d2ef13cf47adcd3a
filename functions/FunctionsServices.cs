using Azure.Core.Serialization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Activities;
using TriOps.Api;
using TriOps.Api.Security;
using TriOps.Compute;
using TriOps.Core;
using TriOps.Core.Settings;
using TriOps.Dashboard;
using TriOps.Data;
using TriOps.Durable;
using TriOps.Functions.Triggers;
using TriOps.Functions.Web;
using TriOps.Serving;
using TriOps.Storage;
using TriOps.Telemetry;

namespace TriOps.Functions;

/// <summary>The one place DI learns what the functions app is made of.</summary>
public static class FunctionsServices
{
    /// <summary>What the host in front takes at most is 100 MiB, and it holds a body in memory whole: files go to blob storage, not through
    /// here.</summary>
    private const long MaxBody = 30_000_000;

    /// <summary>Adds every room, and the adapters to Durable Functions and to the worker's HTTP.</summary>
    /// <param name="services">The worker's.</param>
    /// <param name="setting">The value of a setting, or null.</param>
    /// <exception cref="InvalidInputException">A setting is missing or not valid.</exception>
    public static IServiceCollection AddTriOpsFunctions(this IServiceCollection services, Func<string, string?> setting)
    {
        var storage = StorageOptions.Parse(setting(SettingNames.Storage) ?? throw new InvalidInputException("storage-missing",
            $"{SettingNames.Storage} is not set. It holds a storage connection string, or the name of the storage account that "
            + $"AzureWebJobsStorage is in too."));
        services
            .AddTriOpsCore().AddTriOpsData()
            .AddTriOpsStorage(storage)
            // The host reports requests.
            .AddTriOpsTelemetry("triops-functions", setting, requests: false, more: telemetry => telemetry.UseFunctionsWorkerDefaults())
            .AddTriOpsServing()
            .AddTriOpsActivities()
            .AddCompute(storage, setting)
            .AddTriOpsApi()
            .AddTriOpsDashboard()
            .AddTriOpsDurable()
            .AddSingleton<QueueRun>().AddSingleton<InboxUpload>()
            .AddSingleton(RequestGuard.FromSettings(setting))
            .AddSingleton(s => new SitePipeline(s, s.GetRequiredService<RequestGuard>(), SitePipeline.MapSite))
            .Configure<KestrelServerOptions>(o => o.Limits.MaxRequestBodySize = MaxBody)
            .AddWorkerDialect();
        // In Azure infra/ has made everything; Azurite is empty at first.
        return storage.ConnectionString is null ? services : services.AddHostedService<StorageReady>();
    }

    /// <summary>Payloads of functions and workflows are JSON in TriOps' dialect. The worker reads them by two doors: its serializer, and
    /// the shared options.</summary>
    private static IServiceCollection AddWorkerDialect(this IServiceCollection services) => services
        .Configure<System.Text.Json.JsonSerializerOptions>(TriOpsJson.Apply)
        .Configure<WorkerOptions>(o =>
        {
            o.Serializer = new JsonObjectSerializer(TriOpsJson.Options);
#pragma warning disable CS0618 // Obsolete, and still the only way: with the user's exception instead of the worker's, Durable loses a failure's type.
            o.EnableUserCodeException = false;
#pragma warning restore CS0618
        });

    private static IServiceCollection AddCompute(this IServiceCollection services, StorageOptions storage,
        Func<string, string?> setting) => setting(SettingNames.Compute) switch
    {
        "process" => services.AddTriOpsProcessCompute(LocalTrainers.Options(storage, setting(SettingNames.Trainer))),
        "containerapps" => services.AddTriOpsContainerAppsJobs(setting),
        var other =>
        throw new InvalidInputException("compute-invalid",
        $"{SettingNames.Compute} is '{other}'; it may be 'process' (trainers are child processes) or 'containerapps' (jobs in Azure)."),
    };
}
