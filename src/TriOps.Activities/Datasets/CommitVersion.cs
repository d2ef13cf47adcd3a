using System.Globalization;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Datasets;

/// <summary>Holds the profile against the rules, makes the version of all files of the turn, committed or quarantined, with its lineage and
/// its entry in the audit log, and names the pipelines that listen to it. Done again it returns the version made first, whatever the rules
/// say by now.</summary>
public sealed class CommitVersion(QualityCheck quality, DatasetCatalog catalog, CommitLine line, ProjectStore projects,
    LineageGraph lineage, AuditLog audit, TimeProvider time)
    : IActivity<CommitRequest, CommittedVersion>
{
    /// <inheritdoc/>
    public static ActivityName<CommitRequest, CommittedVersion> Name => IngestSteps.Commit;

    /// <inheritdoc/>
    /// <exception cref="ConflictException">The head is not the one the files were put on (code dataset-head-moved), the turn is another's
    /// (dataset-turn-lost), or several files break a rule together (dataset-batch-refused).</exception>
    public async Task<CommittedVersion> Run(CommitRequest input, CancellationToken ct)
    {
        IngestTurns.RefuseOlder(input.Project == default ? null : input.Key);
        var turn = await line.HeldAsync(input.Project, input.Dataset, input.Key, ct);
        if (await line.SettledAsync(input.Project, input.Dataset, input.Key, ct) is { } number)
            return await AgainAsync(input, number, turn, ct);
        if (turn is null || turn.Id != input.Turn || input.Manifest is null)
            throw IngestTurns.Lost(input.Key, "another ingestion has the turn since");

        var version = input.Unchanged ? await catalog.GetAsync(new(input.Project, input.Dataset, input.Parent!.Value), ct)
            : await CommitAsync(input, turn, ct);
        // What this ingestion made in an earlier turn holds its own file, and says nothing of those that came since.
        var files = version.Manifest == input.Manifest ? turn.Files : [.. turn.Files.Where(f => f.Key == input.Key)];
        if (!input.Unchanged)
        {
            await LinkAsync(version, files, ct);
            await RecordAsync(version, ct);
        }
        await line.SettleAsync(input.Project, input.Dataset, files, version.Number, ct);
        return await EndAsync(input, version, files, ct);
    }

    /// <summary>The end that stands already, made by this ingestion or by another.</summary>
    private async Task<CommittedVersion> AgainAsync(CommitRequest input, int number, TakenTurn? turn, CancellationToken ct)
    {
        var files = new List<WaitingFile>();
        foreach (var file in turn?.Files ?? [])
            if (await line.SettledAsync(input.Project, input.Dataset, file.Key, ct) == number) files.Add(file);
        return await EndAsync(input, await catalog.GetAsync(new(input.Project, input.Dataset, number), ct), files, ct);
    }

    private Task<DatasetVersion> CommitAsync(CommitRequest input, TakenTurn turn, CancellationToken ct) =>
        catalog.CommitAsync(input.Project, input.Dataset, input.Key, input.Parent, async (number, token) =>
        {
            var verdict = await quality.CheckAsync(input, token);
            if (!verdict.Passed && turn.Files.Count > 1)
                throw new ConflictException(IngestSteps.BatchRefused,
                    $"{turn.Files.Count} files together break a rule: {verdict.Issues[0].Message} Half of them are tried, until the "
                    + $"one is found.");
            var status = verdict.Passed ? VersionStatus.Committed : VersionStatus.Quarantined;
            var own = turn.Files.First(f => f.Key == input.Key);
            return new(input.Project, input.Dataset, number, status, input.Manifest!.Value, input.Parent, own.Source,
                input.Columns, input.Rows,
                input.Bytes, input.AddedBytes, input.Profile!.Value, verdict.Issues, time.GetUtcNow(), input.Key)
            { Others = [.. turn.Files.Where(f => f.Key != input.Key).Select(f => f.Source)] };
        }, ct);

    private async Task LinkAsync(DatasetVersion version, IReadOnlyList<WaitingFile> files, CancellationToken ct)
    {
        if (version.Parent is { } parent)
            await lineage.LinkAsync(Node(version.Ref with { Number = parent }), Node(version.Ref), "produced", ct);
        foreach (var cause in files.Select(f => f.Cause).OfType<LineageNode>().Distinct())
            await lineage.LinkAsync(cause, Node(version.Ref), "triggered", ct);
    }

    private async Task RecordAsync(DatasetVersion version, CancellationToken ct)
    {
        var details = new Dictionary<string, string>
        {
            ["file"] = version.Source.File,
            ["manifest"] = version.Manifest.Hex,
            ["rows"] = version.Rows.ToString(CultureInfo.InvariantCulture),
        };
        if (version.Others.Count > 0) details["files"] = (version.Others.Count + 1).ToString(CultureInfo.InvariantCulture);
        if (version.Issues.Count > 0)
            details["issues"] = string.Join(", ", version.Issues.Select(i => i.Column is null ? i.Rule : $"{i.Rule} ({i.Column})"));
        var action = version.Status == VersionStatus.Committed ? "dataset.commit" : "dataset.quarantine";
        await audit.WriteAsync($"workflow {version.WorkflowId}", action, version.Ref.ToString(), details, ct, version.CreatedAt);
        IngestMetrics.Versions.Add(1, new KeyValuePair<string, object?>("status", version.Status.ToString()));
    }

    /// <summary>Gives the turn up and says whom the version concerns. A turn that another has taken since tells nobody twice: who waits
    /// looks for himself in time.</summary>
    private async Task<CommittedVersion> EndAsync(CommitRequest input, DatasetVersion version, IReadOnlyList<WaitingFile> files,
        CancellationToken ct)
    {
        var next = await line.EndAsync(input.Project, input.Dataset, input.Key, ct);
        var listeners = version.Status == VersionStatus.Committed && version.WorkflowId == input.Key
            ? await ListenersAsync(version, ct) : [];
        return new(version with { Others = [] }, listeners, [.. files.Select(f => f.Key).Where(k => k != input.Key)], next);
    }

    private async Task<IReadOnlyList<PipelineName>> ListenersAsync(DatasetVersion version, CancellationToken ct)
    {
        var project = await projects.GetAsync(version.Project, ct);
        return [.. project.File.Pipelines.Where(p => p.Value.Dataset == version.Dataset).Select(p => p.Key)
            .OrderBy(p => p.Value, StringComparer.Ordinal)];
    }

    private static LineageNode Node(DatasetVersionRef version) => new("dataset-version", version.ToString());
}
