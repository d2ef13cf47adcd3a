using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Benchmarks;

/// <summary>Storage operations and their cost: of one run of the breast-cancer sample's pipeline (counted, host and trainers together, the
/// engine's own apart) and of a month in which nothing happens (reckoned from a minute of it).</summary>
internal static class OperationsBenchmark
{
    private const string Project = "breast-cancer", Dataset = "tumours";
    private static readonly string[] OnlyLocal = ["batch", "Inbox", "leases"]; // The poller's and the ticker's.
    private const string Hub = "TriOps";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), OneTick = TimeSpan.FromSeconds(61);

    public static async Task<int> RunAsync(string root)
    {
        var prices =
            JsonSerializer.Deserialize<Prices>(
            await File.ReadAllBytesAsync(Path.Combine(root, "tests", "Benchmarks", "storage-prices.json")), TriOpsJson.Options)!;
        var folder = Directory.CreateTempSubdirectory("triops-operations-");
        try
        {
            await using var storage = await CountingStorage.StartAsync(Path.Combine(folder.FullName, "azurite"));
            using var host = Start(folder.FullName, storage.ConnectionString);
            try
            {
                using var http = new HttpClient { BaseAddress = await UrlAsync(host, Path.Combine(folder.FullName, "state")) };
                storage.Take();
                await PushAsync(http, Path.Combine(root, "samples", Project));
                var instances = await EndedAsync(http);
                var all = storage.Take();
                Console.WriteLine(
                    $"One pipeline run: {instances.Count(i => i.Workflow == "RunJob")} trials, from the upload to a served version");
                var run = Print(Domain(all), prices);
                Console.WriteLine("of the engine");
                run += Print(Engine(all), prices);
                Print("one run in all", run);

                storage.Take();
                await Task.Delay(OneTick);
                var tick = storage.Take();
                PrintMonth(Domain(tick), prices);
                Console.WriteLine("The engine in that minute, while a host is awake");
                Print(Engine(tick), prices);
                Console.WriteLine($"Prices: {prices.Source}, {prices.AsOf}; {prices.Currency}");
                return 0;
            }
            finally
            {
                host.Kill(entireProcessTree: true);
                await host.WaitForExitAsync();
            }
        }
        finally { folder.Delete(recursive: true); }
    }

    private sealed record Prices(string Source, string AsOf, string Currency, Dictionary<string, double> Per10000, IdleModel Idle);

    private sealed record IdleModel(double TimerTicksPerMonth, double HostBlobOperationsPerTick, double QueuesLookedAtByTheScaler,
        double SecondsBetweenLooks);

    /// <summary>What any host would ask. Reading the queue and listing the inbox is the local host's way to be told.</summary>
    private static Dictionary<Operation, int> Domain(IReadOnlyDictionary<Operation, int> all) => all
        .Where(o => !IsEngine(o.Key) && !OnlyLocal.Contains(o.Key.Name)
        && o.Key is not ({ Service: Service.Queue, Kind: "get" } or { Name: Containers.Inbox, Kind: "list" })).ToDictionary();

    private static Dictionary<Operation, int> Engine(IReadOnlyDictionary<Operation, int> all) =>
        all.Where(o => IsEngine(o.Key)).ToDictionary();

    private static bool IsEngine(Operation o) => o.Name.StartsWith(Hub, StringComparison.OrdinalIgnoreCase);

    private static double Print(Dictionary<Operation, int> counted, Prices prices)
    {
        var sum = 0.0;
        foreach (var group in counted.GroupBy(o => PriceOf(o.Key)).OrderBy(g => g.Key))
        {
            var (count, cost) = (group.Sum(o => o.Value), group.Sum(o => o.Value) * prices.Per10000[group.Key] / 10_000);
            sum += cost;
            Print(group.Key, cost, count,
                string.Join(", ", group.GroupBy(o => o.Key.Name).OrderByDescending(g => g.Sum(o => o.Value)).Take(4)
                .Select(g => $"{g.Key} {g.Sum(o => o.Value)}")));
        }
        return sum;
    }

    private static void PrintMonth(Dictionary<Operation, int> tick, Prices prices)
    {
        Console.WriteLine("A month with nothing to do");
        var (idle, perTick) = (prices.Idle, tick.Sum(o => o.Value * prices.Per10000[PriceOf(o.Key)]) / 10_000);
        Print("timer's looks", perTick * idle.TimerTicksPerMonth, (int)(tick.Values.Sum() * idle.TimerTicksPerMonth),
            $"{tick.Values.Sum()} operations a tick, counted, with one deployment watched");
        var host = idle.HostBlobOperationsPerTick * idle.TimerTicksPerMonth;
        Print("timer's state", host * prices.Per10000["blobWrite"] / 10_000, (int)host, "reckoned");
        var looks = idle.QueuesLookedAtByTheScaler * 30 * 86_400 / idle.SecondsBetweenLooks;
        Print("scaler's looks", looks * prices.Per10000["queue"] / 10_000, (int)looks, "reckoned");
        Print("a month in all", perTick * idle.TimerTicksPerMonth + host * prices.Per10000["blobWrite"] / 10_000
            + looks * prices.Per10000["queue"] / 10_000);
    }

    private static string PriceOf(Operation o) => o.Service switch
    {
        Service.Queue => "queue",
        Service.Table => "table",
        _ => "blob" + char.ToUpperInvariant(o.Kind[0]) + o.Kind[1..],
    };

    private static void Print(string what, double cost, int? count = null, string note = "") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-20}{count,9}{cost,14:F6}  {note}"));

    private static Process Start(string folder, string storage)
    {
        var program =
            Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "TriOps.LocalHost", "debug", "TriOps.LocalHost.dll"));
        var start =
            new ProcessStartInfo("dotnet", [program, "--state", Path.Combine(folder, "state"), "--port", "0", "--storage", storage]) {
            RedirectStandardOutput = true };
        var host = Process.Start(start)!;
        host.BeginOutputReadLine();
        return host;
    }

    private static async Task<Uri> UrlAsync(Process host, string state)
    {
        var file = Path.Combine(state, "host.json");
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience && !host.HasExited; await Task.Delay(100))
            if (File.Exists(file))
                return new Uri(JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("url").GetString()! + "/");
        throw new InvalidOperationException("The local host did not start.");
    }

    private static async Task PushAsync(HttpClient http, string sample)
    {
        (await http.PutAsync(new Uri($"api/projects/{Project}", UriKind.Relative),
            new StringContent(await File.ReadAllTextAsync(Path.Combine(sample, "triops.yaml"))))).EnsureSuccessStatusCode();
        var link = await http.PostAsJsonAsync($"api/projects/{Project}/datasets/{Dataset}/uploads", new { file = "tumours.csv" });
        link.EnsureSuccessStatusCode();
        using var blob = new HttpRequestMessage(HttpMethod.Put, (await link.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url")
            .GetString()) { Content = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(sample, "tumours.csv"))) };
        blob.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var plain = new HttpClient();
        (await plain.SendAsync(blob)).EnsureSuccessStatusCode();
    }

    private static async Task<IReadOnlyList<WorkflowInstance>> EndedAsync(HttpClient http)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(500))
        {
            var all = (await http.GetFromJsonAsync<JsonElement>("api/workflows?size=500")).GetProperty("items")
                .Deserialize<List<WorkflowInstance>>(TriOpsJson.Options)!;
            if (all.Count > 0 && all.All(i => i.IsEnded)) return all.TrueForAll(i => i.Status == WorkflowStatus.Completed)
                ? all : throw new InvalidOperationException($"{all.First(i => i.Status != WorkflowStatus.Completed)}");
        }
        throw new TimeoutException($"The pipeline did not end within {Patience}.");
    }
}
