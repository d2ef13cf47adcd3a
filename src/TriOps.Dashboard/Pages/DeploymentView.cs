using TriOps.Core.Deployments;
using TriOps.Core.Monitoring;
using TriOps.Core.Storage;
using TriOps.Dashboard.Charts;

namespace TriOps.Dashboard.Pages;

/// <summary>What the page of a deployment shows.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Traffic">Requests a minute over the last half hour, by revision.</param>
/// <param name="Latency">95th percentile by minute in milliseconds.</param>
/// <param name="Requests">In that time.</param>
/// <param name="Errors">In that time.</param>
/// <param name="Windows">Latest first.</param>
/// <param name="Report">Of the latest window that has one.</param>
/// <param name="Alerts">Latest first.</param>
public sealed record DeploymentView(Deployment Deployment, IReadOnlyList<ChartSeries> Traffic, IReadOnlyList<ChartSeries> Latency,
    int Requests, int Errors,
    IReadOnlyList<Window> Windows, DriftReport? Report, IReadOnlyList<Alert> Alerts)
{
    /// <summary>How far back traffic is shown, in minutes.</summary>
    public const int Minutes = 30;

    /// <summary>Most records read for the charts.</summary>
    public const int MaxRecords = 100_000;

    /// <summary>Reads it.</summary>
    public static async Task<DeploymentView> LoadAsync(DeploymentRef name, DeploymentTable deployments, InferenceLog log,
        MonitorLog monitor, IBlobs blobs, TimeProvider time, CancellationToken ct)
    {
        var deployment = await deployments.GetAsync(name, ct);
        var now = time.GetUtcNow();
        var records = new List<(int Revision, double Minute, long Microseconds, bool Failed)>();
        await foreach (var r in log.ReadRequestsAsync(name, now.AddMinutes(-Minutes), now, ct))
        {
            records.Add((r.Revision, Math.Floor((r.At - now).TotalMinutes), r.Microseconds, r.Error is not null));
            if (records.Count >= MaxRecords) break;
        }
        var windows = (await monitor.WindowsAsync(name, new(20), ct)).Items;
        var report = windows.FirstOrDefault(w => w.Report is not null)?.Report is { } id
            ? await blobs.ReadJsonAsync<DriftReport>(WindowPaths.Report(id), ct) : null;
        return new(deployment,
            [.. records.GroupBy(r => r.Revision).OrderBy(g => g.Key)
            .Select(g =>
            new ChartSeries($"revision {g.Key}",
            [.. Enumerable.Range(-Minutes, Minutes).Select(m => new ChartPoint(m, g.Count(r => r.Minute == m)))]))],
            [.. records.GroupBy(r => r.Revision).OrderBy(g => g.Key)
                .Select(g =>
                new ChartSeries($"revision {g.Key}",
                [.. g.GroupBy(r => r.Minute).OrderBy(m => m.Key)
                .Select(m => new ChartPoint(m.Key, P95(m.Select(r => r.Microseconds)) / 1000.0))]))],
            records.Count, records.Count(r => r.Failed), windows, report, (await monitor.AlertsAsync(name, new(10), ct)).Items);
    }

    private static long P95(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Ceiling(0.95 * sorted.Count) - 1];
    }
}
