using System.Text;
using System.Text.Json.Serialization;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>The workflow that turns a file into a dataset version, and starts what listens to it.</summary>
public static class IngestSteps
{
    /// <summary>The whole of it. An upload's is started under <see cref="IngestRequest.InstanceId"/>, another workflow's under <see cref="IngestRequest.ChildId"/>.</summary>
    public static readonly WorkflowName<IngestRequest, IngestResult> Workflow = new("IngestDataset");

    /// <summary>Bytes → chunks → packs → manifest (parent's files plus this one). Does not yet make a version.</summary>
    public static readonly ActivityName<IngestRequest, StagedFile> Stage = new("StageFile", Retry.Standard);
    /// <summary>Manifest → typed columns and profile, in one pass over all its files.</summary>
    public static readonly ActivityName<StagedFile, ProfiledFile> Profile = new("ProfileDataset", Retry.Standard);
    /// <summary>Profile against the project file's rules, then the immutable version, committed (which moves the head) or quarantined. Names the pipelines that
    /// listen to it. Idempotent by instance id.</summary>
    public static readonly ActivityName<CommitRequest, CommittedVersion> Commit = new("CommitVersion", Retry.Standard);
}

/// <summary>Asks for a file to become part of a dataset.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Dataset">Which.</param>
/// <param name="Source">The file's name within the dataset, ETag and length.</param>
/// <param name="Reason">Why models trained on it are trained.</param>
/// <param name="At">Where its bytes are; null: it is an upload, and they are in the inbox.</param>
/// <param name="Cause">What in the lineage graph led to it: the window whose labelled rows they are; null for an upload.</param>
public sealed record IngestRequest(ProjectName Project, DatasetName Dataset, SourceFile Source, RunReason Reason = RunReason.Upload, BlobPath? At = null, LineageNode? Cause = null)
{
    /// <summary>The blob to read.</summary>
    /// <exception cref="InvalidInputException">The file's name makes no safe path (code path-unsafe).</exception>
    [JsonIgnore]
    public BlobPath Blob => At ?? DatasetPaths.Inbox(Project, Dataset, Source.File);

    /// <summary>ingest-{project}-{dataset}-{first 16 digits of the hash of file and ETag}: the same for every delivery of one upload.</summary>
    public string InstanceId => Id($"{Project}/{Dataset}/{Source.File}\n{Source.ETag}");

    /// <summary>ingest-{project}-{dataset}-{first 16 digits of the hash of the parent's id}: of the one ingestion that a workflow starts itself.</summary>
    /// <param name="parentId">The workflow's instance id.</param>
    public string ChildId(string parentId) => Id($"child of {parentId}");

    private string Id(string what)
    {
        return $"ingest-{Shorten(Project.Value)}-{Shorten(Dataset.Value)}-{ContentId.OfBytes(Encoding.UTF8.GetBytes(what)).Hex[..16]}";
        static string Shorten(string name) => InstanceIds.Shorten(name, 32);
    }
}

/// <summary>A stored file, not yet part of a version.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Manifest">Address of the manifest that would become the version.</param>
/// <param name="Parent">Number of the head it was staged on, or null.</param>
/// <param name="Bytes">Of all files in the manifest.</param>
/// <param name="AddedBytes">New bytes stored.</param>
public sealed record StagedFile(IngestRequest Request, ContentId Manifest, int? Parent, long Bytes, long AddedBytes);

/// <summary>A staged file with its columns and profile. A file that cannot be read as a table has none, and says why.</summary>
/// <param name="Staged">What was staged.</param>
/// <param name="Columns">In file order.</param>
/// <param name="Rows">Of all files.</param>
/// <param name="Profile">Address of the <see cref="DatasetProfile"/>.</param>
/// <param name="Unreadable">Why it is no table; null when it is.</param>
public sealed record ProfiledFile(StagedFile Staged, IReadOnlyList<Column> Columns, long Rows, ContentId Profile, QualityIssue? Unreadable = null);

/// <summary>What the rules say.</summary>
public sealed record QualityVerdict(bool Passed, IReadOnlyList<QualityIssue> Issues);

/// <summary>Everything a version is made of.</summary>
/// <param name="Key">The workflow's instance id: a repeated commit returns the version made first.</param>
/// <param name="Profiled">Manifest, columns, profile.</param>
public sealed record CommitRequest(string Key, ProfiledFile Profiled);

/// <summary>A version, and whom it concerns.</summary>
/// <param name="Version">Committed or quarantined.</param>
/// <param name="Listeners">The pipelines to start, by name; none for a quarantined version.</param>
public sealed record CommittedVersion(DatasetVersion Version, IReadOnlyList<PipelineName> Listeners);

/// <summary>What came of a file.</summary>
/// <param name="Version">The version.</param>
/// <param name="Status">Committed or quarantined.</param>
/// <param name="Issues">Why it was quarantined.</param>
/// <param name="Trained">Per listening pipeline, what its run came to.</param>
public sealed record IngestResult(DatasetVersionRef Version, VersionStatus Status, IReadOnlyList<QualityIssue> Issues, IReadOnlyList<TrainResult> Trained);
