using TriOps.Activities.Datasets;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Activities.Experiments;
using TriOps.Activities.Triggers;

namespace TriOps.Activities;

/// <summary>The one place DI learns of what triggers and activities share. Activities themselves are made by the engine, one object a call.</summary>
public static class ActivitiesServices
{
    /// <summary>Adds the trigger handlers, and the check that a model says what its trainer said. They need the domain's stores, IWorkflows and IScorers.</summary>
    public static IServiceCollection AddTriOpsActivities(this IServiceCollection services) => services
        .AddSingleton<InboxTrigger>().AddSingleton<JobEventsTrigger>().AddSingleton<MonitorTimer>().AddSingleton<PoisonMessages>()
        .AddSingleton<ReferenceCheck>().AddTriOpsDatasets();
}
