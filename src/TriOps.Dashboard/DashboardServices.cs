using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace TriOps.Dashboard;

/// <summary>The one place DI learns of the pages.</summary>
public static class DashboardServices
{
    /// <summary>Adds what rendering needs.</summary>
    public static IServiceCollection AddTriOpsDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // So that an address that cannot be read becomes a page too.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        return services;
    }
}
