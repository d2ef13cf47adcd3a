using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TriOps.Azurite;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Engine;
using TriOps.Storage;
using TriOps.Testing;

namespace TriOps.Benchmarks;

/// <summary>
/// How long work stands still when the local host's engine is killed in the middle of a step: from SIGKILL to the first step that
/// ends in the next process, which is started at once. Steps take 200 ms.
/// </summary>
internal static class RecoveryBenchmark
{
    /// <summary>The killed process's command line: this, then the storage's connection string.</summary>
    public const string Host = "recovery-host";

    private const int Rounds = 5, StepsBefore = 8;
    private const string Instance = "long", Said = "step";
    private static readonly WorkflowName<int, int> Long = new("Long");
    private static readonly ActivityName<int, int> Step = new("Step");
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync()
    {
        var folder = TempFolders.Create("recovery");
        await using var azurite = await AzuriteProcess.StartAsync(await AzuriteInstall.EnsureAsync(null, default), folder, default);
        var (standstills, current) = (new List<double>(), Start(azurite.ConnectionString));
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < StepsBefore; i++) await StepAsync(current);
                var clock = Stopwatch.StartNew();
                current.Kill();
                await current.WaitForExitAsync();
                current.Dispose();
                current = Start(azurite.ConnectionString);
                await StepAsync(current);
                standstills.Add(clock.Elapsed.TotalSeconds);
            }
        }
        finally
        {
            current.Kill();
            current.Dispose();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"SIGKILL to the next step's end: median {standstills.Order().ElementAt(Rounds / 2):F1} s, {standstills.Min():F1} to "
            + $"{standstills.Max():F1}"));
        return 0;
    }

    public static async Task<int> HostAsync(string connection)
    {
        var app = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        var storage = new StorageOptions(connection);
        app.Services.AddLogging().AddSingleton(TimeProvider.System).AddTriOpsStorage(storage);
        app.Services.AddTriOpsEngine(storage, r => r
            .AddActivity(Step, async n =>
            {
                await Task.Delay(StepTime);
                Console.WriteLine(Said);
                return n + 1;
            })
            .AddOrchestration(Long, async (w, n) =>
            {
                for (var i = 0; i < 100_000; i++) n = await w.Call(Step, n);
                return n;
            }));
        using var host = app.Build();
        await host.Services.GetRequiredService<StorageProvisioner>().EnsureAsync(default);
        await host.StartAsync();
        var workflows = host.Services.GetRequiredService<IWorkflows>();
        if (await workflows.FindAsync(Instance, default) is null) await workflows.StartAsync(Long, 0, Instance, default);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    private static Process Start(string connection) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Host, connection]) { RedirectStandardOutput = true })!;

    private static async Task StepAsync(Process host)
    {
        while (await host.StandardOutput.ReadLineAsync() is { } line)
            if (line == Said) return;
        throw new InvalidOperationException("The engine's process ended before it had done a step.");
    }
}
