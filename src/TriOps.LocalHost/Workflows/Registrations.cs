using TriOps.Activities;
using TriOps.Durable;
using TriOps.Orchestrations;

namespace TriOps.LocalHost.Workflows;

/// <summary>Every orchestration and activity there is.</summary>
public static class Registrations
{
    /// <summary>Registers them all, by the names that they say they have.</summary>
    public static void AddAll(WorkflowRegistry registry) => registry.AddAll(typeof(TrainModel).Assembly)
        .AddAll(typeof(ActivitiesServices).Assembly);
}
