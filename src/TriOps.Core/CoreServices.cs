using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;

namespace TriOps.Core;

/// <summary>The one place DI learns of the domain's services.</summary>
public static class CoreServices
{
    /// <summary>Adds the stores over the ports; the ports come from Storage (or from a test's fakes).</summary>
    public static IServiceCollection AddTriOpsCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<ProjectStore>().AddSingleton<DatasetCatalog>().AddSingleton<CommitLine>().AddSingleton<RunLog>()
            .AddSingleton<ModelRegistry>()
            .AddSingleton<DeploymentTable>().AddSingleton<InferenceLog>().AddSingleton<MonitorLog>().AddSingleton<AuditLog>()
            .AddSingleton<LineageGraph>();
    }
}
