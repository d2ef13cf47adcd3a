using TriOps.Storage;

namespace TriOps.LocalHost.Triggers;

/// <summary>The one place DI learns of the local triggers.</summary>
public static class TriggerServices
{
    /// <summary>Adds the pollers of inbox and queue and the timer; their handlers come from TriOps.Activities.</summary>
    public static IServiceCollection AddTriOpsTriggers(this IServiceCollection services) => services
        .AddDocuments<InboxEntry>("Inbox")
        .AddHostedService<BlobPoller>().AddHostedService<QueuePoller>().AddHostedService<CronTimer>();
}
