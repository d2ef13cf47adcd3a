using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TriOps.Core.Models;
using TriOps.Serving.Logging;
using TriOps.Serving.Models;
using TriOps.Serving.Predictions;
using TriOps.Serving.Routing;
using TriOps.Serving.Store;

namespace TriOps.Serving;

/// <summary>The one place DI learns of serving.</summary>
public static class ServingServices
{
    /// <summary>Adds model loading, prediction and the inference log; wants Core's stores, the ports and logging.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="options">Limits; the defaults when null.</param>
    public static IServiceCollection AddTriOpsServing(this IServiceCollection services, ServingOptions? options = null)
    {
        services.TryAddSingleton(options ?? new ServingOptions());
        services.TryAddSingleton<IRevisionChooser, RevisionChooser>();
        services.TryAddSingleton<ModelFolder>();
        services.TryAddSingleton<IScorers, OnnxScorers>();
        services.TryAddSingleton<InferenceLogWriter>();
        services.AddHostedService(s => s.GetRequiredService<InferenceLogWriter>());
        return services.AddSingleton<DeploymentRouter>().AddSingleton<Predictor>().AddSingleton<LabelWriter>();
    }
}
