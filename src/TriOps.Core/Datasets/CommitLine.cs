using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Core.Datasets;

/// <summary>The files that wait for a dataset's next version, and whose turn it is to make that. Whoever has the turn takes what waits
/// along, so that many uploads share a version; the others wait to be told. Nothing here needs anybody to stay alive: a turn ends by
/// itself, and a file waits until some version holds it.</summary>
public sealed class CommitLine(IDocuments<WaitingFile> files, IDocuments<CommitTurn> turns, TimeProvider time)
{
    /// <summary>How long a turn lasts unless it is ended: longer than making a version should take, for whoever comes then does the same
    /// work again.</summary>
    public static readonly TimeSpan TurnTime = TimeSpan.FromMinutes(5);

    private const string Waiting = "w:", Settled = "s:", TurnRow = "turn";
    private const int AtOnce = 16;

    /// <summary>Where a file ended, or null: it waits still, or never came.</summary>
    public async Task<int?> SettledAsync(ProjectName project, DatasetName dataset, string key, CancellationToken ct) =>
        (await files.FindAsync(new(Partition(project, dataset), Settled + key), ct))?.Value.Version;

    /// <summary>Whether a file waits.</summary>
    public async Task<bool> WaitsAsync(ProjectName project, DatasetName dataset, string key, CancellationToken ct) =>
        await files.FindAsync(new(Partition(project, dataset), Waiting + key), ct) is not null;

    /// <summary>Puts a file in line; again, it stays as it came first.</summary>
    public Task EnlistAsync(ProjectName project, DatasetName dataset, WaitingFile file, CancellationToken ct) =>
        files.GetOrInsertAsync(new(Partition(project, dataset), Waiting + file.Key), file, ct);

    /// <summary>Whether somebody else has the turn: then that one, or the one after it, tells of the end.</summary>
    public async Task<bool> IsOthersTurnAsync(ProjectName project, DatasetName dataset, string key, CancellationToken ct) =>
        await turns.FindAsync(new(Partition(project, dataset), TurnRow), ct) is { } turn && !IsFree(turn.Value, key);

    /// <summary>Takes the turn, with this file and up to <paramref name="most"/> - 1 others.</summary>
    /// <returns>Null: it is somebody else's, or the file does not wait.</returns>
    public async Task<TakenTurn?> TakeAsync(ProjectName project, DatasetName dataset, string key, int most, CancellationToken ct)
    {
        var partition = Partition(project, dataset);
        var standing = await turns.FindAsync(new(partition, TurnRow), ct);
        if (standing is not null && !IsFree(standing.Value, key)) return null;
        if (await files.FindAsync(new(partition, Waiting + key), ct) is not { } own) return null;
        var others = most == 1 ? []
            : (await files.ListAsync(partition, new PageRequest(most, RowPrefix: Waiting), ct)).Items.Select(f => f.Value)
            .Where(f => f.Key != key).Take(most - 1);
        var turn =
            new CommitTurn(key, time.GetUtcNow() + TurnTime,
            [.. others.Append(own.Value).OrderBy(f => f.At).ThenBy(f => f.Key, StringComparer.Ordinal)]);
        try
        {
            return TakenTurn.Of(standing is null ? await turns.InsertAsync(new(partition, TurnRow), turn, ct)
                : await turns.ReplaceAsync(standing.Key, turn, standing.ETag, ct));
        }
        catch (ConflictException)
        {
            // Somebody was quicker. That may be this very step, delivered twice: both go on with the one turn, for the file would wait for
            // itself otherwise.
            return await HeldAsync(project, dataset, key, ct);
        }
    }

    /// <summary>The turn this file took last, if nobody has taken it since.</summary>
    public async Task<TakenTurn?> HeldAsync(ProjectName project, DatasetName dataset, string key, CancellationToken ct) =>
        await turns.FindAsync(new(Partition(project, dataset), TurnRow), ct) is { } turn && turn.Value.Holder == key
            ? TakenTurn.Of(turn) : null;

    /// <summary>Notes where files ended. Again it changes nothing.</summary>
    public Task SettleAsync(ProjectName project, DatasetName dataset, IReadOnlyList<WaitingFile> settled, int version,
        CancellationToken ct) =>
        Parallel.ForEachAsync(settled, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (file, token) =>
        {
            await files.GetOrInsertAsync(new(Partition(project, dataset), Settled + file.Key), file with { Version = version }, token);
            await files.DeleteAsync(new(Partition(project, dataset), Waiting + file.Key), token);
        });

    /// <summary>Gives the turn up, if it is this file's still.</summary>
    /// <returns>The file to tell that the turn is free: one that waits. A file that is put in line later sees so itself.</returns>
    public async Task<string?> EndAsync(ProjectName project, DatasetName dataset, string key, CancellationToken ct)
    {
        var partition = Partition(project, dataset);
        if (await turns.FindAsync(new(partition, TurnRow), ct) is { } turn && turn.Value.Holder == key
            && turn.Value.Until > time.GetUtcNow())
        {
            try { await turns.ReplaceAsync(turn.Key, turn.Value with { Until = time.GetUtcNow() }, turn.ETag, ct); }
            catch (ConflictException) { return null; } // Somebody has taken it, and will tell.
        }
        return (await files.ListAsync(partition, new PageRequest(1, RowPrefix: Waiting), ct)).Items is [var first, ..]
            ? first.Value.Key : null;
    }

    private bool IsFree(CommitTurn turn, string key) => turn.Holder == key || turn.Until <= time.GetUtcNow();

    private static string Partition(ProjectName project, DatasetName dataset) => $"{project}:{dataset}";
}
