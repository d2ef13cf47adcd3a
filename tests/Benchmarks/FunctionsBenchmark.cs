using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TriOps.Benchmarks;

/// <summary>The functions app over its packages' signatures (tests/Functions.Contracts): size of what is published, cold start of the worker process to its first answered
/// request, memory at idle. The real one adds the worker's and the extensions' assemblies, and starts when the host has.</summary>
internal static class FunctionsBenchmark
{
    private const int Rounds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Idle = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string root)
    {
        var folder = Directory.CreateTempSubdirectory("triops-functions-");
        try
        {
            if (await DotnetAsync("publish", Path.Combine(root, "tests", "Functions.Contracts"), "-c", "Release", "-o", folder.FullName, "-v", "q") is not 0 and var code) return code;
            var files = folder.GetFiles("*", SearchOption.AllDirectories);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"published         {files.Sum(f => f.Length) / 1e6,8:F1} MB in {files.Length} files; the largest: {string.Join(", ", files.OrderByDescending(f => f.Length).Take(3).Select(f => $"{f.Name} {f.Length / 1e6:F1}"))}"));

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

    private sealed record Start(double FirstAnswer, double FirstPage, double IdleMegabytes);

    private static async Task<Start> StartAsync(string folder, bool compiledAhead)
    {
        var port = FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var start = new ProcessStartInfo(Path.Combine(folder, "TriOps.Functions")) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["FUNCTIONS_CONTRACTS_PORT"] = port.ToString(CultureInfo.InvariantCulture), ["TRIOPS_STORAGE"] = "nobody", ["TRIOPS_COMPUTE"] = "process", ["TRIOPS_AUTH"] = "none",
        }) start.Environment[name] = value;
        // Without any code that was compiled ahead, the runtime's included: the other end of the scale.
        if (!compiledAhead) start.Environment["DOTNET_ReadyToRun"] = "0";
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        try
        {
            var first = await AnsweredAsync(http, "/healthz", clock);
            var page = await AnsweredAsync(http, "/openapi/v1.json", clock);
            await Task.Delay(Idle);
            process.Refresh();
            return new(first, page, process.WorkingSet64 / 1e6);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    private static async Task<double> AnsweredAsync(HttpClient http, string path, Stopwatch clock)
    {
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
                if (answer.IsSuccessStatusCode) return clock.Elapsed.TotalSeconds;
            }
            catch (HttpRequestException) when (clock.Elapsed < Patience) { await Task.Delay(5); }
        }
    }

    private static void Print(string what, List<Start> starts) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-17} first answer {Median(starts, s => s.FirstAnswer):F2} s (fastest {starts.Min(s => s.FirstAnswer):F2}), first large answer after {Median(starts, s => s.FirstPage):F2} s, {Median(starts, s => s.IdleMegabytes):F0} MB at idle"));

    private static double Median(List<Start> starts, Func<Start, double> of) => starts.Select(of).Order().ElementAt(starts.Count / 2);

    private static async Task<int> DotnetAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
