using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Compute;
using TriOps.Core.Settings;

namespace TriOps.Compute;

/// <summary>The one place DI learns that jobs run in Container Apps.</summary>
public static class ContainerAppsServices
{
    /// <summary>Adds Container Apps jobs as the compute target. Blobs, a clock and logging must be there.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="setting">Reads <see cref="SettingNames.ComputeProfiles"/> and <see cref="SettingNames.Identity"/>.</param>
    /// <exception cref="Core.InvalidInputException">The table of profiles cannot be used (code compute-profiles).</exception>
    public static IServiceCollection AddTriOpsContainerAppsJobs(this IServiceCollection services, Func<string, string?> setting) =>
        services.AddTriOpsContainerAppsJobs(new ContainerAppsOptions(ComputeProfiles.Parse(setting(SettingNames.ComputeProfiles))),
            Credential(setting(SettingNames.Identity)));

    /// <summary>The same, with everything said.</summary>
    public static IServiceCollection AddTriOpsContainerAppsJobs(this IServiceCollection services, ContainerAppsOptions options,
        TokenCredential credential) => services
        .AddSingleton(options)
        .AddSingleton(s => new ArmToken(credential, s.GetRequiredService<TimeProvider>()))
        .AddSingleton(s => ActivatorUtilities.CreateInstance<ArmCalls>(s, ArmCalls.NewClient(), Random.Shared))
        .AddSingleton<JobExecutions>()
        .AddSingleton<IComputeTarget, ContainerAppsJobs>();

    // With an identity of its own a process need not look for others.
    private static TokenCredential Credential(string? identity) =>
        string.IsNullOrEmpty(identity) ? new DefaultAzureCredential()
            : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(identity));
}
