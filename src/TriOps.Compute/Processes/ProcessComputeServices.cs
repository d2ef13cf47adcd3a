using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Compute;

namespace TriOps.Compute;

/// <summary>The one place DI learns that jobs run as child processes.</summary>
public static class ProcessComputeServices
{
    /// <summary>Adds child processes as the compute target.</summary>
    public static IServiceCollection AddTriOpsProcessCompute(this IServiceCollection services, ProcessComputeOptions options) => services
        .AddSingleton(options)
        .AddSingleton(s => new AttemptFolder(options.Folder, s.GetRequiredService<TimeProvider>()))
        .AddSingleton<ProcessCompute>()
        .AddSingleton<IComputeTarget>(s => s.GetRequiredService<ProcessCompute>())
        .AddHostedService(s => s.GetRequiredService<ProcessCompute>());
}
