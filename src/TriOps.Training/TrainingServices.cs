using Microsoft.Extensions.DependencyInjection;
using TriOps.Training.LightGbm;
using TriOps.Training.Linear;
using TriOps.Training.Mlp;

namespace TriOps.Training;

/// <summary>The one place DI learns of the model families.</summary>
public static class TrainingServices
{
    /// <summary>Adds an <see cref="IModelTrainer"/> per family. Native libraries are loaded by the first fit that needs them.</summary>
    public static IServiceCollection AddTriOpsTraining(this IServiceCollection services) => services
        .AddSingleton<IModelTrainer, LinearTrainer>().AddSingleton<IModelTrainer, LightGbmTrainer>().AddSingleton<IModelTrainer, MlpTrainer>();
}
