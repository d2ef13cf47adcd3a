using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;
using TriOps.Core.Storage;

namespace TriOps.Storage;

/// <summary>The one place DI learns of the ports' implementations on Azure Storage.</summary>
public static class StorageServices
{
    /// <summary>Adds blobs, queues, leases, upload links and a table of documents per aggregate. Call
    /// <see cref="StorageProvisioner.EnsureAsync"/> before use.</summary>
    public static IServiceCollection AddTriOpsStorage(this IServiceCollection services, StorageOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(new StorageClients(options)).AddSingleton(s => s.GetRequiredService<StorageClients>().Tables)
            .AddSingleton<IBlobs, AzureBlobs>().AddSingleton<IQueues, AzureQueues>().AddSingleton<ILeases, BlobLeases>()
            .AddSingleton<IUploadLinks, SasUploadLinks>()
            .AddSingleton<StorageProvisioner>().AddSingleton<IStorageHealth, StorageHealth>()
            .AddDocuments<Project>("Projects")
            .AddDocuments<DatasetEntry>("Datasets").AddDocuments<DatasetVersion>("DatasetVersions")
            .AddDocuments<WaitingFile>("DatasetWaiting").AddDocuments<CommitTurn>("DatasetTurns")
            .AddDocuments<Run>("Runs").AddDocuments<RunEntry>("RunIndex").AddDocuments<Trial>("Trials").AddDocuments<MetricBatch>("Metrics")
            .AddDocuments<ModelEntry>("Models").AddDocuments<ModelVersion>("ModelVersions").AddDocuments<ModelAlias>("ModelAliases")
            .AddDocuments<Deployment>("Deployments").AddDocuments<Window>("Windows").AddDocuments<Alert>("Alerts")
            .AddDocuments<LineageEdge>("Lineage").AddDocuments<AuditEvent>("Audit").AddDocuments<IdempotencyEntry>("Idempotency");
    }

    /// <summary>Adds the documents of one more aggregate, in a table of their own.</summary>
    /// <param name="services">The services.</param>
    /// <param name="table">3 to 51 letters and digits, a letter first; the same for ever.</param>
    public static IServiceCollection AddDocuments<T>(this IServiceCollection services, string table) where T : class => services
        .AddTable(table)
        .AddSingleton<IDocuments<T>>(
        s => new TableDocuments<T>(s.GetRequiredService<StorageClients>(), table, s.GetRequiredService<IBlobs>()));

    /// <summary>Has a table made whose rows are the caller's own business.</summary>
    public static IServiceCollection AddTable(this IServiceCollection services, string table) =>
        services.AddSingleton(new StorageTable(table));
}
