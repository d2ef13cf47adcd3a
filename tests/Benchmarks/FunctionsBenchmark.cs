using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TriOps.Benchmarks;

/// <summary>The functions app as azd publishes it: its size, and how long its process takes until it calls the Functions host, which
/// answers nothing here but the connection. That is the part of a cold start that is the app's: the runtime, the composition of all rooms,
/// the gRPC client. The host's own start, the indexing of functions and the first request come on top and want a host.</summary>
internal static class FunctionsBenchmark
{
    private const int Rounds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Idle = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string root)
    {
        var folder = Directory.CreateTempSubdirectory("triops-functions-");
        try
        {
            if (await DotnetAsync("publish", Path.Combine(root, "functions"), "-c", "Release", "-o", folder.FullName, "-v", "q") is not 0
                and var code) return code;
            var files = folder.GetFiles("*", SearchOption.AllDirectories);
            var largest = string.Join(", ", files.OrderByDescending(f => f.Length).Take(3).Select(f => $"{f.Name} {f.Length / 1e6:F1}"));
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                $"published         {files.Sum(f => f.Length) / 1e6,8:F1} MB in {files.Length} files; the largest: {largest}"));

            var ready = new List<Start>();
            var jitted = new List<Start>();
            for (var round = 0; round < Rounds; round++) // In turns, so that a busy machine is busy for both.
            {
                ready.Add(await StartAsync(folder.FullName, compiledAhead: true));
                jitted.Add(await StartAsync(folder.FullName, compiledAhead: false));
            }
            Print("compiled ahead", ready);
            Print("just in time", jitted);
            return 0;
        }
        finally { folder.Delete(recursive: true); }
    }

    private sealed record Start(double CallsHost, double Megabytes);

    private static async Task<Start> StartAsync(string folder, bool compiledAhead)
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        // As the host starts its worker.
        string[] arguments = ["TriOps.Functions.dll", "--functions-uri", $"http://127.0.0.1:{((IPEndPoint)host.LocalEndpoint).Port}",
            "--functions-worker-id", "bench",
            "--functions-request-id", "bench", "--functions-grpc-max-message-length", "2147483647"];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true,
            RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("TRIOPS_STORAGE", "nobody"), ("TRIOPS_COMPUTE", "process"), ("TRIOPS_AUTH", "none") })
            start.Environment[name] = value;
        // Without any code that was compiled ahead, the runtime's included: the other end of the scale.
        if (!compiledAhead) start.Environment["DOTNET_ReadyToRun"] = "0";
        using var patience = new CancellationTokenSource(Patience);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        try
        {
            using var worker = await host.AcceptSocketAsync(patience.Token);
            var seconds = clock.Elapsed.TotalSeconds;
            await Task.Delay(Idle);
            process.Refresh();
            return new(seconds, process.WorkingSet64 / 1e6);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    private static void Print(string what, List<Start> starts) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-17} calls the host after {Median(starts, s => s.CallsHost):F2} s (fastest {starts.Min(s => s.CallsHost):F2}), "
        + $"{Median(starts, s => s.Megabytes):F0} MB then"));

    private static double Median(List<Start> starts, Func<Start, double> of) => starts.Select(of).Order().ElementAt(starts.Count / 2);

    private static async Task<int> DotnetAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
