using Azure.Identity;
using DurableTask.AzureStorage;
using Microsoft.Extensions.Options;
using TriOps.Durable;
using TriOps.LocalHost.Workflows;
using TriOps.Storage;

namespace TriOps.LocalHost.Engine;

/// <summary>The one place DI learns of the engine.</summary>
public static class EngineServices
{
    /// <summary>Adds <see cref="Core.Workflows.IWorkflows"/> and the engine that runs them.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="storage">The account that the engine's tables and queues lie in.</param>
    /// <param name="register">Names the orchestrations and activities, see <see cref="Registrations"/>.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IServiceCollection AddTriOpsEngine(this IServiceCollection services, StorageOptions storage,
        Action<WorkflowRegistry> register, Action<EngineOptions>? configure = null)
    {
        services.AddOptions<EngineOptions>().Configure(o => configure?.Invoke(o))
            .Validate(o => o.Visibility >= TimeSpan.FromSeconds(2) && o.Poll > TimeSpan.Zero && o.MaxActivities > 0,
            "Engine options: the visibility must be at least 2 s, the poll above zero, and at least one activity must be allowed.");
        return services.AddTriOpsDurable()
            .AddSingleton(s =>
            {
                var registry = new WorkflowRegistry(s.GetRequiredService<ILoggerFactory>());
                register(registry);
                return registry;
            })
            .AddSingleton(
            s => new AzureStorageOrchestrationService(
            Settings(storage, s.GetRequiredService<IOptions<EngineOptions>>().Value, s.GetRequiredService<ILoggerFactory>())))
            .AddSingleton<EngineHost>().AddHostedService(s => s.GetRequiredService<EngineHost>());
    }

    private static AzureStorageOrchestrationServiceSettings Settings(StorageOptions storage, EngineOptions options, ILoggerFactory logs) =>
        new()
    {
        TaskHubName = options.Hub + storage.Prefix,
        StorageAccountClientProvider = storage.ConnectionString is { } secret ? new(secret)
        : new(storage.BlobEndpoint!, storage.QueueEndpoint!, storage.TableEndpoint!, new DefaultAzureCredential()),
        WorkerId = options.Worker,
        LoggerFactory = logs,
        PartitionCount = 1, // One host does it; of several the others share the activities, and take the partition over when it is gone.
        UseAppLease = false,
        LeaseInterval = options.Visibility, LeaseRenewInterval = options.Visibility / 3, LeaseAcquireInterval = options.Visibility / 3,
        ControlQueueVisibilityTimeout = options.Visibility, WorkItemQueueVisibilityTimeout = options.Visibility,
        MaxQueuePollingInterval = options.Poll,
        MaxConcurrentTaskActivityWorkItems = options.MaxActivities,
        ExtendedSessionsEnabled = true, // A step costs no replay while the next comes soon.
        ThrowExceptionOnInvalidDedupeStatus = true, // Else a refused start is silent.
    };
}
