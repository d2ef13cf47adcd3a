using System.Diagnostics;
using System.Globalization;
using TriOps.Core.Datasets.Csv;
using TriOps.Core.Datasets.Packs;
using TriOps.Core.Datasets.Profiles;
using TriOps.Core.Projects;
using TriOps.Core.Projects.Samples;

namespace TriOps.Benchmarks;

/// <summary>Ingest of a generated CSV: read, pack (chunk, hash, store) and profile, in MB/s (10^6 bytes), beside 'openssl dgst -sha256' of the same file in the same
/// run. Storage is a folder. Medians of three rounds; the file is in the page cache.</summary>
internal static class IngestBenchmark
{
    private const string Dataset = "{ version: 1, project: p, datasets: { d: { missing_values: [NA, '?'] } } }";

    public static async Task<int> RunAsync(string[] args)
    {
        var bytes = long.Parse(args.FirstOrDefault() ?? "1000", CultureInfo.InvariantCulture) * 1_000_000;
        var root = Directory.CreateTempSubdirectory("triops-ingest-").FullName;
        try
        {
            var csv = Path.Combine(root, "table.csv");
            await WriteTableAsync(csv, bytes);
            var length = new FileInfo(csv).Length;
            var spec = ProjectFileParser.Parse(Dataset).Datasets.Values.Single();
            var times = new Dictionary<string, List<double>>();
            long rows = 0;
            for (var round = 0; round < 3; round++)
            {
                var blobs = new FolderBlobs(Path.Combine(root, $"store{round}"));
                var profiler = new DatasetProfiler(new DatasetFiles(blobs));
                PackedFile? packed = null;
                await TimeAsync(times, "openssl dgst -sha256", () => OpenSslAsync(csv));
                await TimeAsync(times, "read CSV (one thread)", async () => rows = await ReadAsync(csv));
                await TimeAsync(times, "pack", async () => { await using var file = File.OpenRead(csv); packed = await new FilePacker(blobs).PackAsync("table.csv", file, null, default); });
                await TimeAsync(times, "profile", async () => await profiler.ProfileAsync(new DatasetManifest(DatasetManifest.CurrentVersion, [packed!.File]), spec, default));
                Directory.Delete(Path.Combine(root, $"store{round}"), recursive: true);
            }
            Print(times, length, rows);
            return 0;
        }
        finally { Directory.Delete(root, recursive: true); }
    }

    private static async Task WriteTableAsync(string path, long bytes)
    {
        using var sample = new MemoryStream();
        await ChurnTable.WriteAsync(sample, 20_000);
        await using var file = File.Create(path);
        await ChurnTable.WriteAsync(file, (int)(bytes * 20_000 / sample.Length));
    }

    private static async Task<long> ReadAsync(string path)
    {
        using var reader = await CsvReader.OpenAsync(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1), "table.csv", default);
        long rows = 0;
        while (await reader.ReadAsync(default)) rows++;
        return rows;
    }

    private static async Task OpenSslAsync(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", path]) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }

    private static async Task TimeAsync(Dictionary<string, List<double>> times, string name, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        if (!times.TryGetValue(name, out var list)) times[name] = list = [];
        list.Add(watch.Elapsed.TotalSeconds);
    }

    private static void Print(Dictionary<string, List<double>> times, long length, long rows)
    {
        var medians = times.ToDictionary(t => t.Key, t => t.Value.Order().ElementAt(t.Value.Count / 2));
        medians["ingest (pack + profile)"] = medians["pack"] + medians["profile"];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{length / 1e6:F0} MB, {rows:N0} rows"));
        foreach (var (name, seconds) in medians)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {length / 1e6 / seconds,8:F0} MB/s   {seconds / medians["openssl dgst -sha256"],6:F2} x openssl's time"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB"));
    }
}
