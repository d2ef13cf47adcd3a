using System.Globalization;
using TriOps.Core.Datasets;
using TriOps.Core.Governance;
using TriOps.Core.Monitoring;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Datasets;

/// <summary>Makes the version, committed or quarantined, with its lineage and its entry in the audit log. Done again it returns the version made first.</summary>
public sealed class CommitVersion(DatasetCatalog catalog, MonitorLog monitor, LineageGraph lineage, AuditLog audit, TimeProvider time) : IActivity<CommitRequest, DatasetVersion>
{
    /// <inheritdoc/>
    public static ActivityName<CommitRequest, DatasetVersion> Name => IngestSteps.Commit;

    /// <inheritdoc/>
    /// <exception cref="Core.ConflictException">The head is not the one the file was staged on (code dataset-head-moved).</exception>
    public async Task<DatasetVersion> Run(CommitRequest input, CancellationToken ct)
    {
        var (profiled, staged) = (input.Profiled, input.Profiled.Staged);
        var request = staged.Request;
        var status = input.Verdict.Passed ? VersionStatus.Committed : VersionStatus.Quarantined;
        var version = await catalog.CommitAsync(request.Project, request.Dataset, input.Key, staged.Parent, number => new DatasetVersion(
            request.Project, request.Dataset, number, status, staged.Manifest, staged.Parent, request.Source, profiled.Columns, profiled.Rows,
            staged.Bytes, staged.AddedBytes, profiled.Profile, input.Verdict.Issues, time.GetUtcNow(), input.Key), ct);

        if (version.Parent is { } parent)
            await lineage.LinkAsync(Node(version.Ref with { Number = parent }), Node(version.Ref), "produced", ct);
        if (FeedbackFile.Parse(request.Project, request.Source.File) is { } feedback && await monitor.FindWindowAsync(feedback.Deployment, feedback.WindowId, ct) is { } window)
            await lineage.LinkAsync(window.Node, Node(version.Ref), "triggered", ct);
        var details = new Dictionary<string, string>
        {
            ["file"] = version.Source.File,
            ["manifest"] = version.Manifest.Hex,
            ["rows"] = version.Rows.ToString(CultureInfo.InvariantCulture),
        };
        if (version.Issues.Count > 0) details["issues"] = string.Join(", ", version.Issues.Select(i => i.Column is null ? i.Rule : $"{i.Rule} ({i.Column})"));
        await audit.WriteAsync($"workflow {input.Key}", version.Status == VersionStatus.Committed ? "dataset.commit" : "dataset.quarantine", version.Ref.ToString(), details, ct, version.CreatedAt);
        IngestMetrics.Versions.Add(1, new KeyValuePair<string, object?>("status", version.Status.ToString()));
        return version;
    }

    private static LineageNode Node(DatasetVersionRef version) => new("dataset-version", version.ToString());
}
