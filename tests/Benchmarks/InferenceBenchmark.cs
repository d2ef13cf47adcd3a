using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Settings;
using TriOps.Testing;

namespace TriOps.Benchmarks;

/// <summary>The inference server as a process over Azurite: from its start to its first prediction, its memory, and its throughput in turns
/// with a constant answer from plain Kestrel. Without a folder the built server is taken; a published one starts faster.</summary>
internal static class InferenceBenchmark
{
    private const string Predict = "/api/projects/demo/deployments/tumours/predict";
    private const int Starts = 5, Rounds = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500), Rest = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var folder = arguments is [var given, ..] ? given : Path.Combine(AppContext.BaseDirectory, "..", "..", "TriOps.Inference", "debug");
        var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        var scope = azurite.NewScope();
        await using (var storage = await scope.CreateAsync(s => s.AddTriOpsCore())) await PredictServer.ServeAsync(storage);

        var starts = new List<(double Listening, double Answer, long Listens, long Answered)>();
        for (var i = 0; i < Starts; i++) starts.Add(await StartOnceAsync(folder, scope));
        Console.WriteLine($"{"from start of the process",-34}{"ms",8}");
        Console.WriteLine($"{"to listening",-34}{Median(starts.Select(s => s.Listening)),8:F0}");
        Console.WriteLine($"{"to the first prediction's answer",-34}{Median(starts.Select(s => s.Answer)),8:F0}");
        Console.WriteLine($"{"resident memory",-34}{"MiB",8}");
        Console.WriteLine($"{"listening",-34}{Median(starts.Select(s => s.Listens / 1024.0)),8:F0}");
        Console.WriteLine($"{"idle after a first prediction",-34}{Median(starts.Select(s => s.Answered / 1024.0)),8:F0}");
        await ThroughputAsync(folder, scope);
        return 0;
    }

    private static async Task<(double, double, long, long)> StartOnceAsync(string folder, StorageScope scope)
    {
        var clock = Stopwatch.StartNew();
        using var server = Start(folder, scope);
        try
        {
            var address = await ListeningAsync(server);
            var (listening, listens) = (clock.Elapsed.TotalMilliseconds, ResidentKibibytes(server));
            using var http = new HttpClient { BaseAddress = address };
            using var answer = await http.PostAsync(Predict, new StringContent(PredictServer.Body, Encoding.UTF8, "application/json"));
            answer.EnsureSuccessStatusCode();
            var first = clock.Elapsed.TotalMilliseconds;
            await Task.Delay(Rest);
            return (listening, first, listens, ResidentKibibytes(server));
        }
        finally { await EndAsync(server); }
    }

    private static async Task ThroughputAsync(string folder, StorageScope scope)
    {
        using var server = Start(folder, scope);
        using var plain =
            Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, PredictServer.Command) { RedirectStandardInput = true,
            RedirectStandardOutput = true, Environment = { ["DOTNET_gcServer"] = "1" } })!;
        try
        {
            var predict = new HttpLoad(await ListeningAsync(server), Predict, PredictServer.Body);
            var constant = new HttpLoad(new Uri((await plain.StandardOutput.ReadLineAsync())!), "/constant", PredictServer.Body);
            await predict.RunAsync(4, TimeSpan.FromSeconds(2));
            await constant.RunAsync(4, Turn);
            Console.WriteLine($"{"connections",-12}{"route",-20}{"requests/s",12}{"p50 µs",10}{"p99 µs",10}");
            foreach (var connections in (int[])[1, 32])
            {
                var (predicts, constants) = (new List<LoadResult>(), new List<LoadResult>());
                for (var round = 0; round < Rounds; round++)
                {
                    constants.Add(await constant.RunAsync(connections, Turn));
                    predicts.Add(await predict.RunAsync(connections, Turn));
                }
                Print(connections, "constant", constants);
                Print(connections, "inference server", predicts);
                Console.WriteLine(
                    $"{"",-12}server / constant, median of the rounds' ratios: "
                    + $"{Median(predicts.Zip(constants, (p, c) => p.PerSecond / c.PerSecond)):F2}");
            }
            Console.WriteLine($"{"resident memory after the load",-34}{ResidentKibibytes(server) / 1024.0,8:F0}");
        }
        finally
        {
            plain.StandardInput.Close();
            await plain.WaitForExitAsync();
            await EndAsync(server);
        }
    }

    private static Process Start(string folder, StorageScope scope)
    {
        var start =
            new ProcessStartInfo("dotnet", [Path.Combine(folder, "TriOps.Inference.dll"), "--port", "0"]) { RedirectStandardOutput = true };
        (start.Environment[SettingNames.Storage], start.Environment[SettingNames.StoragePrefix], start.Environment[SettingNames.Auth]) =
            (scope.ConnectionString, scope.Prefix, "none");
        return Process.Start(start)!;
    }

    private static async Task<Uri> ListeningAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync() is { } line)
            if (line.Contains("listens on ", StringComparison.Ordinal))
                return new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..]);
        throw new InvalidOperationException("The server ended before it listened.");
    }

    private static async Task EndAsync(Process server)
    {
        if (!server.HasExited) server.Kill();
        await server.WaitForExitAsync();
    }

    // proc(5): VmRSS of /proc/{pid}/status.
    private static long ResidentKibibytes(Process server) => !OperatingSystem.IsLinux() ? server.WorkingSet64 / 1024
        : long.Parse(File.ReadLines($"/proc/{server.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static void Print(int connections, string route, List<LoadResult> rounds)
    {
        var median = rounds.OrderBy(r => r.PerSecond).ElementAt(rounds.Count / 2);
        Console.WriteLine($"{connections,-12}{route,-20}{median.PerSecond,12:F0}{median.P50,10:F0}{median.P99,10:F0}");
    }
}
