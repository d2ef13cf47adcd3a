using Microsoft.Extensions.DependencyInjection;

namespace TriOps.Training;

/// <summary>The one place DI learns of the model families.</summary>
public static class TrainingServices
{
    /// <summary>The trainers there are: every <see cref="IModelTrainer"/> of this room, so that a family's folder is all that training
    /// needs of it.</summary>
    public static IReadOnlyList<Type> Trainers { get; } =
        [.. typeof(IModelTrainer).Assembly.GetExportedTypes()
        .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IModelTrainer)))
        .OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>Adds an <see cref="IModelTrainer"/> per family. Native libraries are loaded by the first fit that needs them.</summary>
    public static IServiceCollection AddTriOpsTraining(this IServiceCollection services)
    {
        foreach (var trainer in Trainers) services.AddSingleton(typeof(IModelTrainer), trainer);
        return services;
    }
}
