using System.Diagnostics.Metrics;
using TriOps.Core.Deployments;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Telemetry;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Monitoring;

/// <summary>What is counted of alerts: Azure's alert on drift is made of it.</summary>
public sealed class MonitorLogTests
{
    [Fact]
    public async Task Raise_TwiceForAWindow_CountsOnceByDeploymentAndKind()
    {
        var counted = new List<string>();
        using var listener =
            new MeterListener { InstrumentPublished = (i, l) =>
            { if (i.Meter == TriOpsTelemetry.Meter && i.Name == "triops.monitor.alerts") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var named = string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
            // Other tests raise alerts at the same time.
            if (named.Contains("count-me", StringComparison.Ordinal)) lock (counted) counted.Add($"{value} {named}");
        });
        listener.Start();
        var log = new MonitorLog(new MemoryDocuments<Window>(), new MemoryDocuments<Alert>());
        DeploymentRef deployment = new(ProjectName.Parse("demo", null), DeploymentName.Parse("count-me", null));
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Alert first = new("1-drift-w", deployment, "drift", "2 columns moved.", "w", now, "alert only");

        await log.RaiseAsync(first, default);
        var stands = await log.RaiseAsync(first with { At = now.AddSeconds(1) }, default);

        Assert.Equal(first, stands);
        Assert.Equal(["1 deployment=demo/count-me kind=drift"], counted);
    }
}
