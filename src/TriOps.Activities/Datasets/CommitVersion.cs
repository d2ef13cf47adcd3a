using System.Globalization;
using TriOps.Core.Datasets;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Datasets;

/// <summary>Holds the profile against the rules, makes the version, committed or quarantined, with its lineage and its entry in the audit log, and names the
/// pipelines that listen to it. Done again it returns the version made first, whatever the rules say by now.</summary>
public sealed class CommitVersion(QualityCheck quality, DatasetCatalog catalog, ProjectStore projects, LineageGraph lineage, AuditLog audit, TimeProvider time)
    : IActivity<CommitRequest, CommittedVersion>
{
    /// <inheritdoc/>
    public static ActivityName<CommitRequest, CommittedVersion> Name => IngestSteps.Commit;

    /// <inheritdoc/>
    /// <exception cref="Core.ConflictException">The head is not the one the file was staged on (code dataset-head-moved).</exception>
    public async Task<CommittedVersion> Run(CommitRequest input, CancellationToken ct)
    {
        var version = await CommitAsync(input, ct);
        await LinkAsync(version, input.Profiled.Staged.Request, ct);
        await RecordAsync(version, ct);
        return new(version, version.Status == VersionStatus.Committed ? await ListenersAsync(version, ct) : []);
    }

    private Task<DatasetVersion> CommitAsync(CommitRequest input, CancellationToken ct)
    {
        var (profiled, staged, request) = (input.Profiled, input.Profiled.Staged, input.Profiled.Staged.Request);
        return catalog.CommitAsync(request.Project, request.Dataset, input.Key, staged.Parent, async (number, token) =>
        {
            var verdict = await quality.CheckAsync(profiled, token);
            var status = verdict.Passed ? VersionStatus.Committed : VersionStatus.Quarantined;
            return new(request.Project, request.Dataset, number, status, staged.Manifest, staged.Parent, request.Source, profiled.Columns, profiled.Rows,
                staged.Bytes, staged.AddedBytes, profiled.Profile, verdict.Issues, time.GetUtcNow(), input.Key);
        }, ct);
    }

    private async Task LinkAsync(DatasetVersion version, IngestRequest request, CancellationToken ct)
    {
        if (version.Parent is { } parent)
            await lineage.LinkAsync(Node(version.Ref with { Number = parent }), Node(version.Ref), "produced", ct);
        if (request.Cause is { } cause) await lineage.LinkAsync(cause, Node(version.Ref), "triggered", ct);
    }

    private async Task RecordAsync(DatasetVersion version, CancellationToken ct)
    {
        var details = new Dictionary<string, string>
        {
            ["file"] = version.Source.File,
            ["manifest"] = version.Manifest.Hex,
            ["rows"] = version.Rows.ToString(CultureInfo.InvariantCulture),
        };
        if (version.Issues.Count > 0) details["issues"] = string.Join(", ", version.Issues.Select(i => i.Column is null ? i.Rule : $"{i.Rule} ({i.Column})"));
        var action = version.Status == VersionStatus.Committed ? "dataset.commit" : "dataset.quarantine";
        await audit.WriteAsync($"workflow {version.WorkflowId}", action, version.Ref.ToString(), details, ct, version.CreatedAt);
        IngestMetrics.Versions.Add(1, new KeyValuePair<string, object?>("status", version.Status.ToString()));
    }

    private async Task<IReadOnlyList<PipelineName>> ListenersAsync(DatasetVersion version, CancellationToken ct)
    {
        var project = await projects.GetAsync(version.Project, ct);
        return [.. project.File.Pipelines.Where(p => p.Value.Dataset == version.Dataset).Select(p => p.Key).OrderBy(p => p.Value, StringComparer.Ordinal)];
    }

    private static LineageNode Node(DatasetVersionRef version) => new("dataset-version", version.ToString());
}
