using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Engine;
using TriOps.Testing;
using TriOps.Testing.Conformance;

namespace TriOps.Workflows.Tests;

/// <summary>The local host's engine over Azurite, which a test may stop, cut off and start again.</summary>
public sealed class EngineFixture : WorkflowHarness, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly AzuriteFixture azurite = new();
    private StorageScope scope = null!;
    private ServiceProvider services = null!;

    public override IWorkflows Workflows => services.GetRequiredService<IWorkflows>();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public override async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var began = System.Diagnostics.Stopwatch.StartNew();
        while (!await condition())
        {
            if (began.Elapsed > Patience) throw new TimeoutException($"Not within {Patience}: {what}.");
            await Task.Delay(20);
        }
    }

    public async ValueTask InitializeAsync()
    {
        await azurite.InitializeAsync();
        scope = azurite.NewScope();
        await StartAsync();
    }

    public async Task StartAsync(string worker = "host")
    {
        services = Compose(worker, Script);
        await services.GetRequiredService<EngineHost>().StartAsync(default);
    }

    /// <summary>Another host beside this one, on the same hub.</summary>
    public ServiceProvider Compose(string worker, WorkflowScript script) => new ServiceCollection()
        .AddLogging(l => l.AddConsole().SetMinimumLevel(LogLevel.Error)).AddSingleton(TimeProvider.System)
        .AddTriOpsEngine(scope.Options, r => r.AddScript(script), o => (o.Worker, o.Visibility) = (worker, TimeSpan.FromSeconds(2)))
        .BuildServiceProvider();

    public async Task StopAsync()
    {
        await services.GetRequiredService<EngineHost>().StopAsync(default);
        await services.DisposeAsync();
    }

    public ValueTask DisposeAsync() => new(StopAsync());
}
