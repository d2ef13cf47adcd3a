using Microsoft.Extensions.DependencyInjection;
using TriOps.Trainer.Jobs;
using TriOps.Training;

namespace TriOps.Trainer;

/// <summary>The one place DI learns of the trainer.</summary>
public static class TrainerServices
{
    /// <summary>Adds the job runner, a handler for each kind of work, and the model families; ports and stores come from Storage and
    /// Core.</summary>
    public static IServiceCollection AddTriOpsTrainer(this IServiceCollection services) =>
        services.AddTriOpsTraining().AddSingleton<IJobData, VersionRows>().AddSingleton<FitLimit>()
            .AddSingleton<IJobHandler, TrialHandler>()
            .AddSingleton<JobRunner>();
}
