using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Settings;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.Functions.Tests.Catalogue;
using TriOps.Functions.Tests.Durable;
using TriOps.Testing.Fakes;

namespace TriOps.Functions.Tests;

/// <summary>The functions app as Program.cs composes it, with memory for storage and a <see cref="FakeHub"/> for Durable that runs its orchestration and activity functions.</summary>
public sealed class FunctionsApp : IAsyncLifetime
{
    private readonly WebApplication app;
    private readonly FakeHub hub;

    public FunctionsApp() : this(new Dictionary<string, string?> { [SettingNames.Auth] = "none" }) { }

    internal FunctionsApp(Dictionary<string, string?> settings, Action<IServiceCollection>? more = null)
    {
        hub = new FakeHub(Time);
        settings = new(settings) { [SettingNames.Storage] = "UseDevelopmentStorage=true" };
        settings.TryAdd(SettingNames.Compute, "process");
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders();
        builder.Services.AddTriOpsFunctions(settings.GetValueOrDefault);
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(StorageReady)));
        builder.Services.AddMemoryStores(Time)
            .AddSingleton<IWorkflows>(s => s.GetRequiredService<DurableWorkflows>()).AddSingleton<ITermination, TriOps.Activities.Termination.Terminator>()
            .AddSingleton<DurableTaskClient>(new FakeDurableClient(hub));
        more?.Invoke(builder.Services);
        app = (WebApplication)builder.Build();
        foreach (var function in FunctionMethod.All) Host(function);
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));
    public HttpClient Http { get; private set; } = null!;
    public IServiceProvider Services => app.Services;
    public IWorkflows Workflows => Get<IWorkflows>();
    public DurableTaskClient Client => Get<DurableTaskClient>();

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>An object of a function's class, as for one invocation.</summary>
    public T Function<T>() => ActivatorUtilities.CreateInstance<T>(app.Services);

    public Microsoft.Azure.Functions.Worker.FunctionContext Invocation() => new FakeFunctionContext(app.Services);

    /// <summary>Runs workflows until they wait.</summary>
    public Task SettleAsync() => hub.SettleAsync();

    /// <summary>Moves the clock, and runs workflows until they wait.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await SettleAsync();
        Time.Advance(by);
        hub.FireTimers();
        await SettleAsync();
    }

    public async Task InitializeAsync()
    {
        await app.StartAsync();
        Get<DurableConnection>().Use(Client);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    private void Host(FunctionMethod function)
    {
        if (function.Is<Microsoft.Azure.Functions.Worker.OrchestrationTriggerAttribute>())
            hub.Orchestrations[function.Name] = context => ResultAsync(function.Method.Invoke(null, [context])!);
        if (!function.Is<Microsoft.Azure.Functions.Worker.ActivityTriggerAttribute>()) return;
        hub.Activities[function.Name] = input =>
        {
            var target = function.Method.IsStatic ? null : ActivatorUtilities.CreateInstance(app.Services, function.Method.DeclaringType!);
            object?[] arguments = [.. function.Method.GetParameters().Select((p, i) => i == 0 ? JsonSerializer.Deserialize(input!, p.ParameterType, Core.TriOpsJson.Options) : p.ParameterType == typeof(DurableTaskClient) ? Client : (object)Invocation())];
            return ResultAsync(function.Method.Invoke(target, arguments)!);
        };
    }

    private static async Task<object?> ResultAsync(object task)
    {
        await (Task)task;
        return task.GetType().GetProperty("Result")!.GetValue(task);
    }
}
