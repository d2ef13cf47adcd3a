using Microsoft.Extensions.DependencyInjection;
using TriOps.Activities.Triggers;

namespace TriOps.Activities;

/// <summary>The one place DI learns of what triggers and activities share. Activities themselves are made by the engine, one object a call.</summary>
public static class ActivitiesServices
{
    /// <summary>Adds the trigger handlers. They need the domain's stores and IWorkflows.</summary>
    public static IServiceCollection AddTriOpsActivities(this IServiceCollection services) => services
        .AddSingleton<InboxTrigger>().AddSingleton<JobEventsTrigger>().AddSingleton<MonitorTimer>();
}
