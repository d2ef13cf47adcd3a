using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Data;

namespace TriOps.Testing.Fakes;

/// <summary>The whole domain over memory, for a test's service provider.</summary>
public static class MemoryStores
{
    /// <summary>Adds Core's stores, memory ports and a <see cref="FakeWorkflows"/>.</summary>
    public static IServiceCollection AddMemoryStores(this IServiceCollection services, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        return services.AddSingleton(clock).AddTriOpsCore().AddTriOpsData()
            .AddSingleton<IBlobs>(new MemoryBlobs(clock)).AddSingleton<IQueues>(new MemoryQueues(clock))
            .AddSingleton<ILeases>(new MemoryLeases(clock))
            .AddSingleton(new FakeStorageHealth()).AddSingleton<IStorageHealth>(p => p.GetRequiredService<FakeStorageHealth>())
            .AddSingleton(new FakeWorkflows(clock)).AddSingleton<IWorkflows>(p => p.GetRequiredService<FakeWorkflows>())
            .AddSingleton<ITermination, FakeTermination>()
            .Add<Project>(clock).Add<DatasetVersion>(clock).Add<DatasetEntry>(clock).Add<WaitingFile>(clock).Add<CommitTurn>(clock)
            .Add<Run>(clock).Add<RunEntry>(clock).Add<Trial>(clock).Add<MetricBatch>(clock)
            .Add<ModelVersion>(clock).Add<ModelEntry>(clock).Add<ModelAlias>(clock).Add<Deployment>(clock).Add<Window>(clock)
            .Add<Alert>(clock)
            .Add<LineageEdge>(clock).Add<AuditEvent>(clock).Add<IdempotencyEntry>(clock);
    }

    private static IServiceCollection Add<T>(this IServiceCollection services, TimeProvider time) where T : class =>
        services.AddSingleton<IDocuments<T>>(new MemoryDocuments<T>(time));
}
