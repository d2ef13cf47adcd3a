using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Settings;
using TriOps.Functions.Web;
using TriOps.Testing.Fakes;

namespace TriOps.Functions.Tests;

/// <summary>The functions app as Program.cs composes it on the real worker, with memory for storage and a <see cref="FakeWorkflows"/> for
/// the engine. There is no host, so the worker is built and not started; in front of its site function stands a Kestrel with the worker's
/// own limits.</summary>
public sealed class FunctionsApp : IAsyncLifetime
{
    private readonly IHost worker;
    private readonly WebApplication front;

    public FunctionsApp() : this(new() { [SettingNames.Auth] = "none" }) { }

    internal FunctionsApp(Dictionary<string, string?> settings, Action<IServiceCollection>? more = null)
    {
        settings = new(settings) { [SettingNames.Storage] = "UseDevelopmentStorage=true" };
        settings.TryAdd(SettingNames.Compute, "process");
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services.AddTriOpsFunctions(settings.GetValueOrDefault).AddMemoryStores(Time);
        more?.Invoke(builder.Services);
        worker = builder.Build();
        front = Front();
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));
    public HttpClient Http { get; private set; } = null!;
    public IServiceProvider Services => worker.Services;
    public FakeWorkflows Workflows => Get<FakeWorkflows>();
    public DurableTaskClient Client { get; } = new NoTaskHub();
    public LogLines Log { get; } = new();

    public T Get<T>() where T : notnull => worker.Services.GetRequiredService<T>();

    /// <summary>An object of a function's class, as for one invocation.</summary>
    public T Function<T>() => ActivatorUtilities.CreateInstance<T>(worker.Services);

    public FunctionContext Invocation() => new FakeFunctionContext(worker.Services);

    public async ValueTask InitializeAsync()
    {
        await front.StartAsync();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        Http = new HttpClient(handler) { BaseAddress = new Uri(front.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await front.DisposeAsync();
        worker.Dispose();
    }

    /// <summary>As the worker serves an HTTP function: routed by its own route, in a scope of the app's services, the result
    /// executed.</summary>
    private WebApplication Front()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(o => o.Limits.MaxRequestBodySize = Get<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBodySize);
        var app = builder.Build();
        app.Map("{*path}", async context =>
        {
            await using var scope = worker.Services.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            var result = await ActivatorUtilities.CreateInstance<SiteFunction>(scope.ServiceProvider).RunAsync(context.Request, Client);
            await result.ExecuteAsync(context);
        });
        return app;
    }
}
