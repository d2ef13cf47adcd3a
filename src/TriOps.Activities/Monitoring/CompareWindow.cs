using System.Text.Json;
using TriOps.Activities.Evaluations;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Data.Windows;
using TriOps.Statistics.Drift;
using TriOps.Statistics.Metrics;

namespace TriOps.Activities.Monitoring;

/// <summary>Holds what the active model version was asked in a window against what it was trained on, and records window and report. Of a
/// window with more predictions than the bound, a uniform sample is compared.</summary>
/// <param name="most">Most predictions compared, and most labelled ones measured.</param>
public sealed class CompareWindow(IBlobs blobs, DeploymentTable deployments, ModelRegistry registry, InferenceLog log, MonitorLog monitor,
    LineageGraph lineage, TimeProvider time, int most = WindowReader.Most)
    : IActivity<CheckRequest, WindowVerdict>
{
    /// <summary>For deployments made without a monitor and checked by hand.</summary>
    internal static readonly MonitorSpec Defaults =
        new("", MinRows: 100, Threshold: 0.2, Significance: 0.01, Share: 0, new(OnDrift: false, TimeSpan.FromDays(1), MinLabels: 0));

    /// <inheritdoc/>
    public static ActivityName<CheckRequest, WindowVerdict> Name => MonitorSteps.Compare;

    /// <inheritdoc/>
    public async Task<WindowVerdict> Run(CheckRequest input, CancellationToken ct)
    {
        if (input.From >= input.To)
            throw new InvalidInputException("window-empty",
                $"The window from {input.From:u} to {input.To:u} holds no time. Its start must lie before its end.");
        var deployment = await deployments.GetAsync(input.Deployment, ct);
        var active = deployment.Active
            ?? throw new ConflictException("nothing-serves",
            $"No revision of {input.Deployment} is active: there is no model to hold its traffic against. Deploy a version first.");
        var version = await registry.GetAsync(active.Version, ct);
        var spec = deployment.Monitor ?? Defaults;
        var now = time.GetUtcNow();
        var sample = await new WindowReader(log, input, version, now).SampleAsync(most, ct);

        var report = sample.Rows < Math.Max(1, spec.MinRows) ? null : await ReportAsync(version, sample, spec, ct);
        var window = new Window(input.WindowId, input.Deployment, input.From, input.To, version.Number, sample.Rows, sample.Labelled,
            report is null ? null : await blobs.StoreJsonAsync(WindowPaths.Report, report, ct), report?.Drifted ?? false, now);
        await monitor.RecordAsync(window, ct);
        // A quiet window leads to nothing; a day of them would hide what does.
        if (window.Drifted)
            await lineage.LinkAsync(new RevisionRef(input.Deployment, active.Number).Node(), window.Node, "observed-in", ct);
        return new(input, window, report is null ? [] : [.. report.Columns.Where(c => c.Moved).Select(c => c.Column)]);
    }

    private async Task<DriftReport> ReportAsync(ModelVersion version, WindowSample window, MonitorSpec spec, CancellationToken ct)
    {
        var baseline = await blobs.ReadJsonAsync<Baseline>(ModelPaths.Baseline(version.Baseline), ct);
        var rows = window.Sample;
        var features = new FeatureRows([.. rows.SelectMany(r => r.Numbers)], [.. rows.SelectMany(r => r.Categories)], rows.Count);
        var report =
            DriftTest.Compare(baseline, features, [.. rows.SelectMany(r => r.Outputs)], spec,
            Quality(version.Artifacts.Signature.Table, window.LabelledSample));
        return rows.Count == window.Rows ? report : report with { Rows = window.Rows, Sampled = rows.Count };
    }

    /// <summary>Metrics of the answers that turned out right or wrong; empty without labels.</summary>
    private static IReadOnlyDictionary<string, double> Quality(TableSignature signature, IReadOnlyList<LabelledRecord> labelled) =>
        labelled.Count == 0 ? new Dictionary<string, double>()
        : MetricSet.Of(
        ModelOnRows.Scored(signature.Task, signature.Classes, signature, [.. labelled.SelectMany(r => r.Record.Outputs)],
        [.. labelled.Select(r => r.Label)]));
}
