using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Core.Datasets;

/// <summary>The versions of every dataset. A version appears whole or not at all: inserting its row is the commit, and the row's number is
/// what concurrent commits race for.</summary>
public sealed class DatasetCatalog(IDocuments<DatasetVersion> versions, IDocuments<DatasetEntry> datasets)
{
    /// <summary>The code of a commit's one conflict: what was staged no longer stands on the head.</summary>
    public const string HeadMoved = "dataset-head-moved";

    /// <summary>Makes the version that <paramref name="build"/> describes, or returns the one this workflow made before.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="dataset">Of what.</param>
    /// <param name="workflowId">Makes a repeated commit harmless.</param>
    /// <param name="parent">The head the version was staged on.</param>
    /// <param name="build">From number to version.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ConflictException">The head is no longer <paramref name="parent"/> (code dataset-head-moved): stage
    /// again.</exception>
    public Task<DatasetVersion> CommitAsync(ProjectName project, DatasetName dataset, string workflowId, int? parent,
        Func<int, DatasetVersion> build, CancellationToken ct) =>
        CommitAsync(project, dataset, workflowId, parent, (number, _) => Task.FromResult(build(number)), ct);

    /// <summary>The same, for a version that takes some looking up: that is done only when there is one to make.</summary>
    /// <exception cref="ConflictException">As above.</exception>
    public async Task<DatasetVersion> CommitAsync(ProjectName project, DatasetName dataset, string workflowId, int? parent,
        Func<int, CancellationToken, Task<DatasetVersion>> build, CancellationToken ct)
    {
        await datasets.GetOrInsertAsync(new(project.Value, dataset.Value), new DatasetEntry(project, dataset), ct);
        while (true)
        {
            DatasetVersion? newest = null, head = null;
            await foreach (var row in versions.AllAsync(Partition(project, dataset), ct))
            {
                var version = row.Value;
                if (version.WorkflowId == workflowId) return version;
                newest ??= version;
                if (version.Status == VersionStatus.Committed) head ??= version;
            }
            if (head?.Number != parent)
                throw new ConflictException(HeadMoved,
                    $"{project}/{dataset} moved from version {parent?.ToString() ?? "none"} to {head?.Number.ToString() ?? "none"} while "
                    + $"a file was being staged. Stage it again on the new head.");
            var next = await build((newest?.Number ?? 0) + 1, ct);
            try { return (await versions.InsertAsync(new(Partition(project, dataset), Rows.Descending(next.Number)), next, ct)).Value; }
            catch (ConflictException) { /* Another commit took the number: read again what stands now. */ }
        }
    }

    /// <summary>The newest committed version, or null.</summary>
    public async Task<DatasetVersion?> HeadAsync(ProjectName project, DatasetName dataset, CancellationToken ct)
    {
        await foreach (var row in versions.AllAsync(Partition(project, dataset), ct))
            if (row.Value.Status == VersionStatus.Committed) return row.Value;
        return null;
    }

    /// <summary>The version.</summary>
    /// <exception cref="NotFoundException">There is none of that number.</exception>
    public async Task<DatasetVersion> GetAsync(DatasetVersionRef version, CancellationToken ct) =>
        (await versions.FindAsync(new(Partition(version.Project, version.Dataset), Rows.Descending(version.Number)), ct))?.Value
        ?? throw new NotFoundException("dataset-version-missing",
        $"There is no dataset version {version}. 'triops data log' lists those there are.");

    /// <summary>Takes a committed version out of use: the head is the committed version before it, and later uploads go on from that. Row
    /// and blobs stay.</summary>
    /// <exception cref="NotFoundException">There is none of that number.</exception>
    /// <exception cref="ConflictException">It is neither committed nor withdrawn (code dataset-version-unused).</exception>
    public Task<DatasetVersion> WithdrawAsync(DatasetVersionRef version, CancellationToken ct) =>
        ChangeAsync(version, found => found.Status switch
    {
        VersionStatus.Withdrawn => found,
        VersionStatus.Committed => found with { Status = VersionStatus.Withdrawn },
        _ => throw new ConflictException("dataset-version-unused",
        $"{version} is {found.Status.ToString().ToLowerInvariant()}: nothing is made from it, so there is nothing to withdraw."),
    }, ct);

    /// <summary>Leaves nothing of a version but its number and that it was there. Whether something refers to it is the caller's
    /// business.</summary>
    /// <exception cref="NotFoundException">There is none of that number.</exception>
    public Task<DatasetVersion> DeleteAsync(DatasetVersionRef version, CancellationToken ct) => ChangeAsync(version, found => found with
    {
        Status = VersionStatus.Deleted, Columns = [], Issues = [], Others = [], Rows = 0, Bytes = 0, AddedBytes = 0,
    }, ct);

    private async Task<DatasetVersion> ChangeAsync(DatasetVersionRef version, Func<DatasetVersion, DatasetVersion> change,
        CancellationToken ct)
    {
        await GetAsync(version, ct);
        return (await versions.UpdateAsync(new(Partition(version.Project, version.Dataset), Rows.Descending(version.Number)),
            found => change(found!), ct))!;
    }

    /// <summary>Versions, newest first.</summary>
    public async Task<Page<DatasetVersion>> ListAsync(ProjectName project, DatasetName dataset, PageRequest page, CancellationToken ct)
    {
        var found = await versions.ListAsync(Partition(project, dataset), page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }

    /// <summary>The datasets of a project that have at least one version, by name.</summary>
    public async Task<Page<DatasetEntry>> ListDatasetsAsync(ProjectName project, PageRequest page, CancellationToken ct)
    {
        var found = await datasets.ListAsync(project.Value, page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }

    private static string Partition(ProjectName project, DatasetName dataset) => $"{project}:{dataset}";
}

/// <summary>A dataset that exists.</summary>
public sealed record DatasetEntry(ProjectName Project, DatasetName Dataset);
