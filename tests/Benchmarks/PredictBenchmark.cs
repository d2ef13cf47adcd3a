using System.Diagnostics;
using System.Globalization;

namespace TriOps.Benchmarks;

/// <summary>One row over HTTP: the predict route against a constant answer of the same Kestrel, in turns, and against ONNX Runtime alone.
/// The server is another process.</summary>
internal static class PredictBenchmark
{
    private const int Rounds = 5;
    // Long enough for the just-in-time compiler to have made its last version of what runs, on a machine that does other work too.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6), Turn = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync()
    {
        // The server's collector, as web hosts have it.
        using var server =
            Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, PredictServer.Command) { RedirectStandardInput = true,
            RedirectStandardOutput = true, Environment = { ["DOTNET_gcServer"] = "1" } })!;
        try
        {
            var address = new Uri((await server.StandardOutput.ReadLineAsync())!);
            var predict = new HttpLoad(address, "/api/projects/demo/deployments/tumours/predict", PredictServer.Body);
            var constant = new HttpLoad(address, "/constant", PredictServer.Body);
            await predict.RunAsync(32, WarmUp);
            await constant.RunAsync(32, WarmUp / 2);
            Console.WriteLine(
                $"{"connections",-12}{"route",-10}{"requests/s",12}{"p50 µs",10}{"p99 µs",10}{"server's processor µs a request",34}");
            foreach (var connections in (int[])[1, 32])
            {
                var (predicts, constants) = (new List<LoadResult>(), new List<LoadResult>());
                for (var round = 0; round < Rounds; round++)
                {
                    constants.Add(await MeasureAsync(server, constant, connections));
                    predicts.Add(await MeasureAsync(server, predict, connections));
                }
                var (c, p) = (Median(constants), Median(predicts));
                Print(connections, "constant", c);
                Print(connections, "predict", p);
                Console.WriteLine($"{"",-12}predict / constant: {p.PerSecond / c.PerSecond:F2} (median of {Rounds} rounds' ratios: "
                    + $"{predicts.Zip(constants, (x, y) => x.PerSecond / y.PerSecond).Order().ElementAt(Rounds / 2):F2}); "
                    + $"of the server's processor time: {c.ServerTime / p.ServerTime:F2}");
            }
            await server.StandardInput.WriteLineAsync("runtime");
            await server.StandardInput.FlushAsync();
            var alone = double.Parse((await server.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            Console.WriteLine($"ONNX Runtime alone, one thread: {alone:F0} calls/s ({1e6 / alone:F1} µs a call)");
            return 0;
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<LoadResult> MeasureAsync(Process server, HttpLoad load, int connections)
    {
        var before = Used();
        var result = await load.RunAsync(connections, Turn);
        return result with { ServerTime = (Used() - before).TotalMicroseconds / result.Requests };

        TimeSpan Used()
        {
            server.Refresh();
            return server.TotalProcessorTime;
        }
    }

    private static LoadResult Median(List<LoadResult> rounds) => rounds.OrderBy(r => r.PerSecond).ElementAt(rounds.Count / 2);

    private static void Print(int connections, string route, LoadResult result) =>
        Console.WriteLine(
            $"{connections,-12}{route,-10}{result.PerSecond,12:F0}{result.P50,10:F0}{result.P99,10:F0}{result.ServerTime,34:F1}");
}
