using TriOps.Core.Content;
using TriOps.Core.Names;

namespace TriOps.Core.Datasets;

/// <summary>How a column's values are read.</summary>
public enum ColumnKind { /// <summary>32-bit floats; integers too.</summary>
    Number, /// <summary>true/false, yes/no, 0/1 by declaration.</summary>
    Boolean, /// <summary>Few distinct texts.</summary>
    Category, /// <summary>ISO 8601 dates and times. Profiled, but not used as a feature.</summary>
    Timestamp, /// <summary>Free text or identifiers. Profiled, but not used as a feature.</summary>
    Text }

/// <summary>A column of a version.</summary>
public sealed record Column(string Name, ColumnKind Kind);

/// <summary>What became of a version.</summary>
public enum VersionStatus { /// <summary>Usable; the head may point at it.</summary>
    Committed, /// <summary>Kept whole, with its reasons, but never trained on.</summary>
    Quarantined, /// <summary>Was committed; no longer the head, and nothing new is made from it. Kept.</summary>
    Withdrawn, /// <summary>Only its row is left, so that its number is not given again.</summary>
    Deleted }

/// <summary>A rule that a version broke.</summary>
/// <param name="Rule">Stable name: max-missing, min-rows, range, allowed, unique, required, duplicates, privacy-email, …</param>
/// <param name="Column">Which column, or null for the whole table.</param>
/// <param name="Message">What, with values; where; what to do.</param>
public sealed record QualityIssue(string Rule, string? Column, string Message);

/// <summary>The event that made a version.</summary>
/// <param name="File">Its name within the dataset; an upload's is its path in the inbox, under {project}/{dataset}/.</param>
/// <param name="ETag">Of the blob that was read.</param>
/// <param name="Length">Its bytes.</param>
public sealed record SourceFile(string File, string ETag, long Length);

/// <summary>An immutable version of a dataset: its parent's files, with the uploaded ones added or replaced.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Dataset">Of what.</param>
/// <param name="Number">1, 2, …; quarantined versions are numbered too.</param>
/// <param name="Status">Whether it is usable.</param>
/// <param name="Manifest">Address of its manifest: the files and their chunks.</param>
/// <param name="Parent">Number of the committed version it was made from, or null.</param>
/// <param name="Source">What was uploaded.</param>
/// <param name="Columns">In file order.</param>
/// <param name="Rows">Of all files together.</param>
/// <param name="Bytes">Of all files together.</param>
/// <param name="AddedBytes">What storing this version added after deduplication.</param>
/// <param name="Profile">Address of its profile.</param>
/// <param name="Issues">Why it is quarantined; warnings otherwise.</param>
/// <param name="CreatedAt">When it was committed.</param>
/// <param name="WorkflowId">The instance that made it: makes a repeated commit return the same version.</param>
public sealed record DatasetVersion(ProjectName Project, DatasetName Dataset, int Number, VersionStatus Status, ContentId Manifest,
    int? Parent, SourceFile Source,
    IReadOnlyList<Column> Columns, long Rows, long Bytes, long AddedBytes, ContentId Profile, IReadOnlyList<QualityIssue> Issues,
    DateTimeOffset CreatedAt, string WorkflowId)
{
    /// <summary>What came at the same time and is part of it, too; <see cref="Source"/> not among them.</summary>
    public IReadOnlyList<SourceFile> Others { get; init; } = [];

    /// <summary>{project}/{dataset}:{number}</summary>
    public DatasetVersionRef Ref => new(Project, Dataset, Number);
}

/// <summary>Names a dataset version: {project}/{dataset}:{number}.</summary>
public sealed record DatasetVersionRef(ProjectName Project, DatasetName Dataset, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Project}/{Dataset}:{Number}";
}
