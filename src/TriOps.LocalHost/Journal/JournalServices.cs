using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>The one place DI learns of the journal.</summary>
public static class JournalServices
{
    /// <summary>Adds <see cref="IWorkflows"/> over the journal, and the engine that runs it. Needs the storage room and logging.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="register">Names the orchestrations and activities, see <see cref="Registrations"/>.</param>
    /// <param name="configure">Changes the defaults of <see cref="WorkflowOptions"/>.</param>
    public static IServiceCollection AddTriOpsJournal(this IServiceCollection services, Action<WorkflowRegistry> register, Action<WorkflowOptions>? configure = null)
    {
        services.AddOptions<WorkflowOptions>()
            .Configure(o => configure?.Invoke(o))
            .Validate(o => o.Lease >= TimeSpan.FromSeconds(1) && o.Lease <= TimeSpan.FromMinutes(10) && o.Poll > TimeSpan.Zero && o.Poll < o.Lease && o.MaxActivities > 0,
                "Workflow options: the lease must be 1 s to 10 min, the poll shorter than the lease, and at least one activity must be allowed.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IJournalStore, TableJournalStore>();
        services.TryAddSingleton(_ =>
        {
            var registry = new WorkflowRegistry();
            register(registry);
            return registry;
        });
        services.TryAddSingleton<JournalHub>();
        services.TryAddSingleton<IWorkflows, JournalWorkflows>();
        services.AddHostedService<JournalEngine>();
        return services;
    }
}
