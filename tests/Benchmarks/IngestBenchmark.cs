using System.Diagnostics;
using System.Globalization;
using TriOps.Core.Projects;
using TriOps.Data.Csv;
using TriOps.Data.Packs;
using TriOps.Data.Profiles;
using TriOps.Data.Samples;

namespace TriOps.Benchmarks;

/// <summary>Ingest of a generated CSV: read, pack (chunk, hash, store) and profile, in MB/s (10^6 bytes), beside 'openssl dgst -sha256' of
/// the same file in the same run. Storage is a folder. Medians of three rounds, or as many as asked for; the file is in the page cache. The
/// rounds run in a process of their own; after the first, its peak memory is ingest's.</summary>
internal static class IngestBenchmark
{
    /// <summary>The command of the process that ingests: its arguments are a CSV file, a folder and a number of rounds.</summary>
    public const string Rounds = "ingest-rounds";
    private const string OpenSsl = "openssl dgst -sha256";
    private const string Dataset = "{ version: 1, project: p, datasets: { d: { missing_values: [NA, '?'] } } }";

    public static async Task<int> RunAsync(string[] args)
    {
        var bytes = long.Parse(args.FirstOrDefault() ?? "1000", CultureInfo.InvariantCulture) * 1_000_000;
        var rounds = args.ElementAtOrDefault(1) ?? "3";
        var root = Directory.CreateTempSubdirectory("triops-ingest-").FullName;
        try
        {
            var csv = Path.Combine(root, "table.csv");
            await WriteTableAsync(csv, bytes);
            using var process =
                Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Rounds, csv, Path.Combine(root, "store"), rounds]))!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        finally { Directory.Delete(root, recursive: true); }
    }

    public static async Task<int> RunRoundsAsync(string csv, string store, int rounds)
    {
        var (before, peak) = (Process.GetCurrentProcess().PeakWorkingSet64, 0L);
        var spec = ProjectFileParser.Parse(Dataset).Datasets.Values.Single();
        var times = new Dictionary<string, List<(double Seconds, double Cpu)>>();
        long rows = 0;
        for (var round = 0; round < rounds; round++)
        {
            var blobs = new FolderBlobs(store);
            PackedFile? packed = null;
            await TimeAsync(times, OpenSsl, () => OpenSslAsync(csv));
            await TimeAsync(times, "read CSV, one thread", async () => rows = await ReadAsync(csv));
            await TimeAsync(times, "pack",
                async () =>
                { await using var file = File.OpenRead(csv); packed = await new FilePacker(blobs)
                .PackAsync("table.csv", file, null, default); });
            var manifest = new DatasetManifest(DatasetManifest.CurrentVersion, [packed!.File]);
            await TimeAsync(times, "profile", async () => await new DatasetProfiler(new DatasetFiles(blobs))
                .ProfileAsync(manifest, spec, default));
            if (round == 0) peak = Process.GetCurrentProcess().PeakWorkingSet64;
            if (round == rounds - 1)
                await TimeAsync(times, "profile, one column at a time",
                    async () => await new DatasetProfiler(new DatasetFiles(blobs), threads: 1).ProfileAsync(manifest, spec, default));
            Directory.Delete(store, recursive: true);
        }
        Print(times, new FileInfo(csv).Length, rows);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
            $"peak memory of one ingest {peak / 1e6:F0} MB, of which {before / 1e6:F0} MB before the first byte"));
        return 0;
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
        using var reader =
            await CsvReader.OpenAsync(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1), "table.csv", default);
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

    private static async Task TimeAsync(Dictionary<string, List<(double Seconds, double Cpu)>> times, string name, Func<Task> work)
    {
        var (watch, before) = (Stopwatch.StartNew(), Cpu());
        await work();
        if (!times.TryGetValue(name, out var list)) times[name] = list = [];
        list.Add((watch.Elapsed.TotalSeconds, Cpu() - before));
        static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
    }

    private static void Print(Dictionary<string, List<(double Seconds, double Cpu)>> times, long length, long rows)
    {
        var medians =
            times.ToDictionary(t => t.Key, t => (Seconds: Median(t.Value.Select(v => v.Seconds)), Cpu: Median(t.Value.Select(v => v.Cpu))));
        medians["ingest (pack, then profile)"] =
            (medians["pack"].Seconds + medians["profile"].Seconds, medians["pack"].Cpu + medians["profile"].Cpu);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
            $"{length / 1e6:F0} MB, {rows:N0} rows, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} on "
            + $"{Environment.ProcessorCount} cores"));
        foreach (var (name, (seconds, cpu)) in medians)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-30} {length / 1e6 / seconds,8:F0} MB/s   {seconds / medians[OpenSsl].Seconds,6:F2} x openssl's time   "
                + $"{(name == OpenSsl ? "" : $"{cpu / length * 1e9,6:F2} s of CPU a GB")}"));
        static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
    }
}
