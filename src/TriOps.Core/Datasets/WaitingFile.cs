using TriOps.Core.Content;
using TriOps.Core.Governance;
using TriOps.Core.Storage;

namespace TriOps.Core.Datasets;

/// <summary>A change of a dataset that no version holds yet, or, once <see cref="Version"/> is set, the note of where it ended.</summary>
/// <param name="Key">The instance id of the ingestion that brought it.</param>
/// <param name="Source">The file.</param>
/// <param name="Part">Address of a manifest of this file alone; null: the file is to be taken out.</param>
/// <param name="AddedBytes">What storing it added.</param>
/// <param name="At">When it was staged: of two files of one name the later stands.</param>
/// <param name="Cause">What led to it, in the lineage graph.</param>
/// <param name="Version">Number of the version it ended in.</param>
public sealed record WaitingFile(string Key, SourceFile Source, ContentId? Part, long AddedBytes, DateTimeOffset At,
    LineageNode? Cause = null, int? Version = null);

/// <summary>Whose turn it is to make a dataset's next version, and of which files. It saves work and decides nothing: two who hold it at
/// once race for the version's number.</summary>
/// <param name="Holder">Instance id of the ingestion that makes the version.</param>
/// <param name="Until">From then on somebody else may take it.</param>
/// <param name="Files">What the version is made of; the holder's own file is among them.</param>
public sealed record CommitTurn(string Holder, DateTimeOffset Until, IReadOnlyList<WaitingFile> Files);

/// <summary>A turn that was taken.</summary>
/// <param name="Id">Tells it from every other, also of the same holder.</param>
/// <param name="Files">Of the version to make.</param>
public sealed record TakenTurn(string Id, IReadOnlyList<WaitingFile> Files)
{
    internal static TakenTurn Of(Document<CommitTurn> turn) => new(turn.ETag, turn.Value.Files);
}
