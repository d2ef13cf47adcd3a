using Microsoft.Extensions.DependencyInjection;
using TriOps.Activities.Compute;
using TriOps.Activities.Datasets;
using TriOps.Activities.Deployments;
using TriOps.Activities.Evaluations;
using TriOps.Activities.Experiments;
using TriOps.Activities.Termination;
using TriOps.Activities.Triggers;
using TriOps.Core.Workflows;

namespace TriOps.Activities;

/// <summary>The one place DI learns of what triggers and activities share. Activities themselves are made by the engine, one object a
/// call.</summary>
public static class ActivitiesServices
{
    /// <summary>Adds the trigger handlers, the termination of workflows with what they leave open, and what the activities are put together
    /// from. They need the domain's stores, IWorkflows, IComputeTarget and IScorers.</summary>
    public static IServiceCollection AddTriOpsActivities(this IServiceCollection services) => services
        .AddSingleton<InboxTrigger>().AddSingleton<JobEventsTrigger>().AddSingleton<MonitorTimer>().AddSingleton<PoisonMessages>()
        .AddSingleton<ITermination, Terminator>().AddSingleton<EndedWorkflows>().AddSingleton<Leftovers>().AddSingleton<Orphans>()
        .AddSingleton<RunCloser>().AddSingleton<TrialBook>().AddSingleton<JobStopper>().AddSingleton<RollBackRevision>()
        .AddSingleton<ReferenceCheck>().AddSingleton<TestRows>().AddSingleton<ChampionOnRows>().AddSingleton<BaselineOfTrial>()
        .AddTriOpsDatasets();
}
