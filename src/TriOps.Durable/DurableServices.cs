using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Durable;

/// <summary>The one place DI learns of Durable.</summary>
public static class DurableServices
{
    /// <summary>Payloads of workflows are JSON in TriOps' dialect.</summary>
    public static DataConverter Json { get; } = new JsonDataConverter(TriOpsJson.Options);

    /// <summary>Adds <see cref="IWorkflows"/> over the client that <see cref="DurableConnection"/> is given. Needs a
    /// <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddTriOpsDurable(this IServiceCollection services) => services
        .AddSingleton<DurableConnection>().AddSingleton<DurableWorkflows>()
        .AddSingleton<IWorkflows>(s => s.GetRequiredService<DurableWorkflows>());
}
