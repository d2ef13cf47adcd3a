using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TriOps.Azurite;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Engine;
using TriOps.Storage;
using TriOps.Testing;

namespace TriOps.Benchmarks;

/// <summary>Workflow steps per second on Azurite: one instance with 10 to 1,000 activity calls in a row, a fan-out of 100, and how long the
/// first step of an instance takes to begin.</summary>
internal static class EngineBenchmark
{
    private static readonly WorkflowName<int, int> InARow = new("InARow");
    private static readonly WorkflowName<int, int> FanOut = new("FanOut");
    private static readonly WorkflowName<int, int> OneStep = new("OneStep");
    private static readonly ActivityName<int, int> AddOne = new("AddOne"), Begin = new("Begin");

    public static async Task<int> RunAsync(string[] args)
    {
        var most = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1_000;
        var folder = TempFolders.Create("engine");
        await using var azurite = await AzuriteProcess.StartAsync(await AzuriteInstall.EnsureAsync(null, default), folder, default);
        var app = Host.CreateEmptyApplicationBuilder(null);
        app.Services.AddLogging(l => l.SetMinimumLevel(LogLevel.Warning).AddConsole());
        var begun = new TaskCompletionSource();
        var storage = new StorageOptions(azurite.ConnectionString);
        app.Services.AddSingleton(TimeProvider.System).AddTriOpsStorage(storage);
        app.Services.AddTriOpsEngine(storage, r => r
            .AddActivity(AddOne, n => Task.FromResult(n + 1))
            .AddOrchestration(InARow, async (w, count) =>
            {
                var n = 0;
                while (n < count) n = await w.Call(AddOne, n);
                return n;
            })
            .AddActivity(Begin, n => { begun.TrySetResult(); return Task.FromResult(n); })
            .AddOrchestration(OneStep, (w, n) => w.Call(Begin, n))
            .AddOrchestration(FanOut,
            async (w, count) => (await Task.WhenAll(Enumerable.Range(0, count).Select(i => w.Call(AddOne, i)))).Length));
        using var host = app.Build();
        await host.Services.GetRequiredService<StorageProvisioner>().EnsureAsync(default);
        await host.StartAsync();
        var workflows = host.Services.GetRequiredService<IWorkflows>();

        await MeasureAsync(workflows, InARow, 50, "warm-up");
        var rates = new List<double>();
        for (var steps = 10; steps <= most; steps *= 10) rates.Add(await MeasureAsync(workflows, InARow, steps, $"{steps,6} in a row"));
        await MeasureAsync(workflows, FanOut, 100, "   100 at once");
        var starts = new List<double>();
        for (var i = 0; i < 11; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2)); // The queues are looked at more and more rarely while nothing comes.
            begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var clock = Stopwatch.StartNew();
            await workflows.StartAsync(OneStep, 0, Guid.NewGuid().ToString("N"), default);
            await begun.Task;
            starts.Add(clock.Elapsed.TotalMilliseconds);
        }
        Console.WriteLine($"idle, start to first step: median {starts.Order().ElementAt(5):0} ms, {starts.Min():0} to {starts.Max():0}");
        Console.WriteLine($"time per step, longest run / shortest run: {rates[0] / rates[^1]:0.00}");
        await host.StopAsync();
        return 0;
    }

    private static async Task<double> MeasureAsync(IWorkflows workflows, WorkflowName<int, int> workflow, int steps, string what)
    {
        var id = Guid.NewGuid().ToString("N");
        var clock = Stopwatch.StartNew();
        await workflows.StartAsync(workflow, steps, id, default);
        while (await workflows.FindAsync(id, default) is not { IsEnded: true }) await Task.Delay(5);
        var rate = steps / clock.Elapsed.TotalSeconds;
        Console.WriteLine($"{what}: {rate,7:0} steps/s ({clock.Elapsed.TotalMilliseconds:0} ms)");
        return rate;
    }
}
