using System.Globalization;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Monitoring;

/// <summary>Decides what follows from a window. The alert is raised once per window and carries the decision; the cool-down counts from the
/// deployment's latest alert that led to retraining, whichever window it was for, and holds back the timer's checks only.</summary>
public sealed class RespondToDrift(MonitorLog monitor, DeploymentTable deployments, ModelRegistry registry, RunLog runs,
    DatasetCatalog datasets, IBlobs blobs, TimeProvider time)
    : IActivity<WindowVerdict, Response>
{
    private const int AlertsLookedAt = 200;
    private const int ColumnsNamed = 5;

    /// <inheritdoc/>
    public static ActivityName<WindowVerdict, Response> Name => MonitorSteps.Respond;

    /// <inheritdoc/>
    public async Task<Response> Run(WindowVerdict input, CancellationToken ct)
    {
        var window = input.Window;
        if (!window.Drifted)
            return new(ResponseKind.None, null, null, window.Report is null ? $"{window.Rows} predictions are too few to judge by."
                : $"{window.Rows} predictions look like the training rows.");
        var id = MonitorLog.AlertId(window.To, window.Id, "drift");
        var (kind, train, action) = await DecideAsync(input, id, ct);
        var report = await blobs.ReadJsonAsync<DriftReport>(WindowPaths.Report(window.Report!.Value), ct);
        var moved = report.Columns.Where(c => c.Moved).ToList();
        var message = $"{moved.Count} of {report.Columns.Count} columns moved in {window.Rows} predictions: "
            + $"{string.Join("; ", moved.Take(ColumnsNamed).Select(c => c.Message))}{(moved.Count > ColumnsNamed ? "; …" : ".")}";
        await monitor.RaiseAsync(new(id, window.Deployment, "drift", message, window.Id, time.GetUtcNow(), action, kind), ct);
        return new(kind, id, train, $"{message} {char.ToUpperInvariant(action[0])}{action[1..]}.");
    }

    private async Task<(ResponseKind, TrainRequest?, string Action)> DecideAsync(WindowVerdict verdict, string alertId,
        CancellationToken ct)
    {
        var window = verdict.Window;
        var deployment = await deployments.GetAsync(window.Deployment, ct);
        var policy = (deployment.Monitor ?? CompareWindow.Defaults).Retrain;
        if (!policy.OnDrift) return (ResponseKind.Alert, null, "alert only: the project file asks for no retraining");
        if (verdict.Request.Scheduled && await LastRetrainingAsync(window.Deployment, alertId, ct) is { } last
            && last + policy.Cooldown is var until && until > time.GetUtcNow())
            return (ResponseKind.Alert, null,
                string.Create(CultureInfo.InvariantCulture, $"cool-down until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"));
        var version = await registry.GetAsync(new(deployment.Project, deployment.Model, window.ModelVersion), ct);
        if (policy.MinLabels > 0 && window.Labelled >= policy.MinLabels)
            return (ResponseKind.RetrainWithFeedback, null, $"retraining started with {window.Labelled} labelled rows");
        var head = await datasets.HeadAsync(version.Data.Project, version.Data.Dataset, ct);
        var run = await runs.GetAsync(version.RunId, ct);
        return (ResponseKind.Retrain, new(run.Project, run.Pipeline, head?.Ref ?? version.Data, RunReason.Drift, window.Node),
            $"retraining started on {head?.Ref ?? version.Data}");
    }

    private async Task<DateTimeOffset?> LastRetrainingAsync(DeploymentRef deployment, string except, CancellationToken ct)
    {
        var alerts = await monitor.AlertsAsync(deployment, new PageRequest(AlertsLookedAt), ct);
        return alerts.Items.Where(a => a.Id != except && a.Response is ResponseKind.Retrain or ResponseKind.RetrainWithFeedback)
            .Select(a => (DateTimeOffset?)a.At).Max();
    }
}
