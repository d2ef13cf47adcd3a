using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Datasets;
using TriOps.Core.Names;
using TriOps.Core.Storage;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Datasets;

public sealed class CommitLineTests : IDocuments<CommitTurn>
{
    private static readonly ProjectName Project = ProjectName.Parse("p");
    private static readonly DatasetName Dataset = DatasetName.Parse("d");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryDocuments<CommitTurn> turns = new();
    private readonly CommitLine line;
    private Func<Task>? meanwhile;

    public CommitLineTests() => line = new(new MemoryDocuments<WaitingFile>(), this, time);

    /// <summary>A step may be delivered twice and run twice at once: were one of the two to wait for the other's turn, and its answer the
    /// one that counts, the file would wait for itself until the turn is over.</summary>
    [Fact]
    public async Task Take_OfOneFileTwiceAtOnce_IsOneTurn()
    {
        await EnlistAsync("a");
        TakenTurn? other = null;
        meanwhile = async () => other = await TakeAsync("a");

        var taken = await TakeAsync("a");

        Assert.NotNull(taken);
        Assert.Equal(other!.Id, taken.Id);
    }

    [Fact]
    public async Task Take_SomebodyElseIsQuicker_IsTheirs()
    {
        await EnlistAsync("a");
        await EnlistAsync("b");
        meanwhile = () => TakeAsync("b");

        Assert.Null(await TakeAsync("a"));
        Assert.True(await line.IsOthersTurnAsync(Project, Dataset, "a", default));
    }

    private Task EnlistAsync(string key) =>
        line.EnlistAsync(Project, Dataset, new(key, new($"{key}.csv", "etag", 1), null, 0, time.GetUtcNow()), default);

    private Task<TakenTurn?> TakeAsync(string key) => line.TakeAsync(Project, Dataset, key, 10, default);

    private async Task HappenAsync()
    {
        if (Interlocked.Exchange(ref meanwhile, null) is { } happens) await happens();
    }

    async Task<Document<CommitTurn>> IDocuments<CommitTurn>.InsertAsync(DocumentKey key, CommitTurn value, CancellationToken ct)
    {
        await HappenAsync();
        return await turns.InsertAsync(key, value, ct);
    }

    async Task<Document<CommitTurn>> IDocuments<CommitTurn>.ReplaceAsync(DocumentKey key, CommitTurn value, string etag,
        CancellationToken ct)
    {
        await HappenAsync();
        return await turns.ReplaceAsync(key, value, etag, ct);
    }

    Task<Document<CommitTurn>?> IDocuments<CommitTurn>.FindAsync(DocumentKey key, CancellationToken ct) => turns.FindAsync(key, ct);
    Task<Document<CommitTurn>> IDocuments<CommitTurn>.PutAsync(DocumentKey key, CommitTurn value, CancellationToken ct) =>
        turns.PutAsync(key, value, ct);
    Task IDocuments<CommitTurn>.DeleteAsync(DocumentKey key, CancellationToken ct) => turns.DeleteAsync(key, ct);
    Task<Page<Document<CommitTurn>>> IDocuments<CommitTurn>.ListAsync(string partition, PageRequest page, CancellationToken ct) =>
        turns.ListAsync(partition, page, ct);
}
