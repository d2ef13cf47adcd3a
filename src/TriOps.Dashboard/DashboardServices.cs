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
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true); // So that an address that cannot be read becomes a page too.
        return services;
    }
}
