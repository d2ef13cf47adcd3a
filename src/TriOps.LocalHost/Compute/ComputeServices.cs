using TriOps.Core.Compute;

namespace TriOps.LocalHost.Compute;

/// <summary>The one place DI learns where jobs run.</summary>
public static class ComputeServices
{
    /// <summary>Adds child processes as the compute target.</summary>
    public static IServiceCollection AddTriOpsProcessCompute(this IServiceCollection services, ProcessComputeOptions options) => services
        .AddSingleton(options)
        .AddSingleton(s => new AttemptFolder(options.Folder, s.GetRequiredService<TimeProvider>()))
        .AddSingleton<ProcessCompute>()
        .AddSingleton<IComputeTarget>(s => s.GetRequiredService<ProcessCompute>())
        .AddHostedService(s => s.GetRequiredService<ProcessCompute>());
}
