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
    /// <summary>The whole of it. An upload's is started under <see cref="IngestRequest.InstanceId"/>, another workflow's under
    /// <see cref="IngestRequest.ChildId"/>.</summary>
    public static readonly WorkflowName<IngestRequest, IngestResult> Workflow = new("IngestDataset");

    /// <summary>Bytes → chunks → packs → a manifest of this file alone, put in line for the dataset's next version. Idempotent by
    /// key.</summary>
    public static readonly ActivityName<StageRequest, StagedFile> Stage = new("StageFile", Retry.Patient);
    /// <summary>Takes the dataset's turn and what waits, puts that on the head, and types and profiles the whole in one pass. Says so when
    /// the turn is another's.</summary>
    public static readonly ActivityName<ProfileRequest, ProfiledFile> Profile = new("ProfileDataset", Retry.Patient);
    /// <summary>Profile against the project file's rules, then the immutable version, committed (which moves the head) or quarantined.
    /// Names the pipelines that listen to it. Idempotent by key.</summary>
    public static readonly ActivityName<CommitRequest, CommittedVersion> Commit = new("CommitVersion", Retry.Patient);

    /// <summary>Told to an ingestion that waits for its turn: another has made the version that holds its file, or the turn is
    /// free.</summary>
    public static readonly EventName<IngestNews> News = new("IngestNews");

    /// <summary>Code of a commit that must begin again with staging: the turn is another's, or what was staged is not there.</summary>
    public const string TurnLost = "dataset-turn-lost";

    /// <summary>Code of a commit of several files that break a rule together: fewer are to be tried.</summary>
    public const string BatchRefused = "dataset-batch-refused";
}

/// <summary>Asks for a file to become part of a dataset.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Dataset">Which.</param>
/// <param name="Source">The file's name within the dataset, ETag and length.</param>
/// <param name="Reason">Why models trained on it are trained.</param>
/// <param name="At">Where its bytes are; null: it is an upload, and they are in the inbox.</param>
/// <param name="Cause">What in the lineage graph led to it: the window whose labelled rows they are; null for an upload.</param>
/// <param name="Remove">The file is to be taken out of the dataset instead; there are no bytes.</param>
public sealed record IngestRequest(ProjectName Project, DatasetName Dataset, SourceFile Source, RunReason Reason = RunReason.Upload,
    BlobPath? At = null, LineageNode? Cause = null, bool Remove = false)
{
    /// <summary>ingest-{project}-{dataset}-{first 16 digits of the hash of file and ETag}: the same for every delivery of one
    /// upload.</summary>
    public string InstanceId => Id($"{Project}/{Dataset}/{Source.File}\n{Source.ETag}");

    /// <summary>ingest-{project}-{dataset}-{first 16 digits of the hash of the parent's id}: of the one ingestion that a workflow starts
    /// itself.</summary>
    /// <param name="parentId">The workflow's instance id.</param>
    public string ChildId(string parentId) => Id($"child of {parentId}");

    private string Id(string what)
    {
        return $"ingest-{Shorten(Project.Value)}-{Shorten(Dataset.Value)}-{ContentId.OfBytes(Encoding.UTF8.GetBytes(what)).Hex[..16]}";
        static string Shorten(string name) => InstanceIds.Shorten(name, 32);
    }
}

/// <summary>A file to stage.</summary>
/// <param name="Key">The workflow's instance id.</param>
/// <param name="Project">Whose.</param>
/// <param name="Dataset">Of what.</param>
/// <param name="Source">The file's name within the dataset, ETag and length.</param>
/// <param name="At">Where its bytes are; null: in the inbox.</param>
/// <param name="Cause">What led to it, for the lineage.</param>
/// <param name="Remove">There are no bytes: it is to be taken out.</param>
public sealed record StageRequest(string Key, ProjectName Project, DatasetName Dataset, SourceFile Source, BlobPath? At = null,
    LineageNode? Cause = null, bool Remove = false)
{
    /// <summary>The blob to read.</summary>
    /// <exception cref="InvalidInputException">The file's name makes no safe path (code path-unsafe).</exception>
    [JsonIgnore]
    public BlobPath Blob => At ?? DatasetPaths.Inbox(Project, Dataset, Source.File);
}

/// <summary>A file that waits for a version.</summary>
/// <param name="Bytes">Its own.</param>
/// <param name="AddedBytes">New bytes stored.</param>
/// <param name="Waits">It is another's turn: there will be news.</param>
public sealed record StagedFile(long Bytes, long AddedBytes, bool Waits = false);

/// <summary>Asks for the turn, and for the profile of what the next version would be.</summary>
/// <param name="Key">The workflow's instance id.</param>
/// <param name="Project">Whose.</param>
/// <param name="Dataset">Of what.</param>
/// <param name="Most">Most files to take along, its own included.</param>
public sealed record ProfileRequest(string Key, ProjectName Project, DatasetName Dataset, int Most);

/// <summary>What the next version would be. Files that cannot be read as a table have no columns, and say why.</summary>
/// <param name="Turn">The turn that it is made in; null: there is none to have, because it is another's or the file has its version
/// already.</param>
/// <param name="Files">How many files are added, replaced or taken out.</param>
/// <param name="Manifest">Address of the version's manifest.</param>
/// <param name="Parent">Number of the head that it stands on, or null.</param>
/// <param name="Bytes">Of all files in the manifest.</param>
/// <param name="AddedBytes">New bytes stored for it.</param>
/// <param name="Columns">In file order.</param>
/// <param name="Rows">Of all files.</param>
/// <param name="Profile">Address of the <see cref="DatasetProfile"/>.</param>
/// <param name="Unreadable">Why it is no table; null when it is.</param>
/// <param name="Waits">It is another's turn: there will be news.</param>
/// <param name="Unchanged">The head has these files already: there is no version to make.</param>
public sealed record ProfiledFile(string? Turn, int Files, ContentId? Manifest, int? Parent, long Bytes, long AddedBytes,
    IReadOnlyList<Column> Columns, long Rows, ContentId? Profile,
    QualityIssue? Unreadable = null, bool Waits = false, bool Unchanged = false);

/// <summary>What the rules say.</summary>
public sealed record QualityVerdict(bool Passed, IReadOnlyList<QualityIssue> Issues);

/// <summary>Everything a version is made of.</summary>
/// <param name="Key">The workflow's instance id: a repeated commit returns the version made first.</param>
/// <param name="Project">Whose.</param>
/// <param name="Dataset">Of what.</param>
/// <param name="Turn">The turn; null: only an end that stands already is asked for.</param>
/// <param name="Manifest">Address of its manifest.</param>
/// <param name="Parent">Number of the head that it stands on, or null.</param>
/// <param name="Bytes">Of all files.</param>
/// <param name="AddedBytes">New bytes stored for it.</param>
/// <param name="Columns">In file order.</param>
/// <param name="Rows">Of all files.</param>
/// <param name="Profile">Address of its profile.</param>
/// <param name="Unreadable">Why it is no table; null when it is.</param>
/// <param name="Unchanged">There is no version to make: the parent has these files.</param>
public sealed record CommitRequest(string Key, ProjectName Project, DatasetName Dataset, string? Turn, ContentId? Manifest, int? Parent,
    long Bytes, long AddedBytes, IReadOnlyList<Column> Columns,
    long Rows, ContentId? Profile, QualityIssue? Unreadable = null, bool Unchanged = false);

/// <summary>A version, and whom it concerns.</summary>
/// <param name="Version">Committed or quarantined.</param>
/// <param name="Listeners">The pipelines to start, by name; none for a quarantined version, nor for one that another ingestion made or that
/// was there before.</param>
/// <param name="Others">The other ingestions whose files it holds: they wait to be told.</param>
/// <param name="Next">An ingestion that waits for the turn, which is free now; null: none.</param>
public sealed record CommittedVersion(DatasetVersion Version, IReadOnlyList<PipelineName> Listeners, IReadOnlyList<string>? Others = null,
    string? Next = null);

/// <summary>What an ingestion that waits is told.</summary>
/// <param name="Version">The version that holds its file; null: the turn is free.</param>
/// <param name="Status">The version's.</param>
/// <param name="Issues">The version's.</param>
/// <param name="By">The ingestion that made it.</param>
public sealed record IngestNews(DatasetVersionRef? Version = null, VersionStatus Status = VersionStatus.Committed,
    IReadOnlyList<QualityIssue>? Issues = null, string? By = null);

/// <summary>What came of a file.</summary>
/// <param name="Version">The version that holds it; without changes, the one there was.</param>
/// <param name="Status">Committed or quarantined.</param>
/// <param name="Issues">Why it was quarantined.</param>
/// <param name="Trained">Per listening pipeline, what its run came to.</param>
/// <param name="By">The ingestion that made the version, and trains on it, when that was another's: files that come together share a
/// version.</param>
public sealed record IngestResult(DatasetVersionRef Version, VersionStatus Status, IReadOnlyList<QualityIssue> Issues,
    IReadOnlyList<TrainResult> Trained, string? By = null);
