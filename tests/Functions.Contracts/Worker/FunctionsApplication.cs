using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

// Microsoft.Azure.Functions.Worker.Core 2.52.0 and Extensions.Http.AspNetCore 2.1.1. What stands behind the signatures is this project's own: the worker's Kestrel
// on the port of FUNCTIONS_CONTRACTS_PORT, routing and one endpoint per HTTP function, as the real one has, and no host in front.

public class FunctionsApplication
{
    private FunctionsApplication() { }

    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(WebApplication.CreateSlimBuilder(args));
}

public sealed class FunctionsApplicationBuilder(WebApplicationBuilder web)
{
    public ConfigurationManager Configuration => web.Configuration;
    public IHostEnvironment Environment => web.Environment;
    public ILoggingBuilder Logging => web.Logging;
    public IServiceCollection Services => web.Services;

    internal Action<WebApplication> Map { get; set; } = _ => { };

    public IHost Build()
    {
        web.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning);
        var app = web.Build();
        app.Urls.Add($"http://127.0.0.1:{web.Configuration["FUNCTIONS_CONTRACTS_PORT"] ?? "0"}");
        Map(app);
        return app;
    }
}

public static class AspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddMvcCore();
        builder.Services.AddSingleton<HttpFunctions>();
        builder.Map = app => app.Services.GetRequiredService<HttpFunctions>().Map(app);
        return builder;
    }
}
