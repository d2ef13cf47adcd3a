using System.Diagnostics.Metrics;
using TriOps.Core.Deployments;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;

namespace TriOps.Core.Monitoring;

/// <summary>Windows and alerts of every deployment, newest first.</summary>
public sealed class MonitorLog(IDocuments<Window> windows, IDocuments<Alert> alerts)
{
    private static readonly Counter<long> Raised =
        TriOpsTelemetry.Meter.CreateCounter<long>("triops.monitor.alerts", "{alert}", "Alerts raised, by deployment and kind.");

    /// <summary>Records a window; the same window again replaces it.</summary>
    public Task RecordAsync(Window window, CancellationToken ct) =>
        windows.PutAsync(new(Partition(window.Deployment), WindowRow(window.To, window.Id)), window, ct);

    /// <summary>Windows, latest first.</summary>
    public async Task<Page<Window>> WindowsAsync(DeploymentRef deployment, PageRequest page, CancellationToken ct)
    {
        var found = await windows.ListAsync(Partition(deployment), page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }

    /// <summary>The window, or null.</summary>
    public async Task<Window?> FindWindowAsync(DeploymentRef deployment, string id, CancellationToken ct)
    {
        await foreach (var row in windows.AllAsync(Partition(deployment), ct))
            if (row.Value.Id == id) return row.Value;
        return null;
    }

    /// <summary>Raises an alert, once per window and kind; the one that stands is returned.</summary>
    public async Task<Alert> RaiseAsync(Alert alert, CancellationToken ct)
    {
        var stands = await alerts.GetOrInsertAsync(new(Partition(alert.Deployment), alert.Id), alert, ct);
        if (stands == alert)
            Raised.Add(1, new("deployment", alert.Deployment.ToString()), new KeyValuePair<string, object?>("kind", alert.Kind));
        return stands;
    }

    /// <summary>Alerts, latest first.</summary>
    public async Task<Page<Alert>> AlertsAsync(DeploymentRef deployment, PageRequest page, CancellationToken ct)
    {
        var found = await alerts.ListAsync(Partition(deployment), page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }

    /// <summary>The id under which an alert sorts latest first and stays the same when it is raised again.</summary>
    public static string AlertId(DateTimeOffset windowEnd, string windowId, string kind) =>
        $"{Rows.Descending(windowEnd)}-{kind}-{windowId}";

    private static string Partition(DeploymentRef deployment) => $"{deployment.Project}:{deployment.Name}";

    private static string WindowRow(DateTimeOffset to, string id) => $"{Rows.Descending(to)}-{id}";
}
