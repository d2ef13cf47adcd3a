using TriOps.Core;
using TriOps.Core.Storage;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>A document for the tests.</summary>
public sealed record Note(string Text, int Number = 0, IReadOnlyList<double>? Values = null);

/// <summary>What every <see cref="IDocuments{T}"/> does.</summary>
public abstract class DocumentsConformance
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    /// <summary>An empty table of the kind under test.</summary>
    protected abstract Task<IDocuments<Note>> CreateAsync();

    [Fact]
    public async Task Document_NeverWritten_IsNotFound()
    {
        var notes = await CreateAsync();
        Assert.Null(await notes.FindAsync(new("p", "r"), Ct));
        await notes.DeleteAsync(new("p", "r"), Ct);
        Assert.Empty((await notes.ListAsync("p", new(), Ct)).Items);
    }

    [Fact]
    public async Task Document_Inserted_ReadsBackAsTheInsertGaveIt()
    {
        var notes = await CreateAsync();
        var inserted = await notes.InsertAsync(new("p", "r"), new("hello", 7, [1.5, double.NaN, double.PositiveInfinity]), Ct);
        var found = await notes.FindAsync(new("p", "r"), Ct);
        Assert.Equal((inserted.Key, inserted.ETag, inserted.Modified, "hello", 7),
            (found!.Key, found.ETag, found.Modified, found.Value.Text, found.Value.Number));
        Assert.Equal(inserted.Value.Values, found.Value.Values);
    }

    [Fact]
    public async Task Document_InsertedTwice_RefusesTheSecond()
    {
        var notes = await CreateAsync();
        await notes.InsertAsync(new("p", "r"), new("one"), Ct);
        Assert.Equal("document-exists",
            (await Assert.ThrowsAsync<ConflictException>(() => notes.InsertAsync(new("p", "r"), new("two"), Ct))).Code);
        Assert.Equal("one", (await notes.FindAsync(new("p", "r"), Ct))!.Value.Text);
    }

    [Fact]
    public async Task Document_ReplacedWithAnOldETag_StaysWhatItWas()
    {
        var notes = await CreateAsync();
        var first = await notes.InsertAsync(new("p", "r"), new("one"), Ct);
        var second = await notes.ReplaceAsync(first.Key, new("two"), first.ETag, Ct);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal("document-changed",
            (await Assert.ThrowsAsync<ConflictException>(() => notes.ReplaceAsync(first.Key, new("three"), first.ETag, Ct))).Code);
        Assert.Equal("two", (await notes.FindAsync(first.Key, Ct))!.Value.Text);
    }

    [Fact]
    public async Task Document_ReplacedAfterItWasDeleted_IsRefused()
    {
        var notes = await CreateAsync();
        var first = await notes.InsertAsync(new("p", "r"), new("one"), Ct);
        await notes.DeleteAsync(first.Key, Ct);
        Assert.Equal("document-changed",
            (await Assert.ThrowsAsync<ConflictException>(() => notes.ReplaceAsync(first.Key, new("two"), first.ETag, Ct))).Code);
        Assert.Null(await notes.FindAsync(first.Key, Ct));
    }

    [Fact]
    public async Task Document_Put_ReplacesWhateverIsThere()
    {
        var notes = await CreateAsync();
        await notes.PutAsync(new("p", "r"), new("one", 1), Ct);
        await notes.PutAsync(new("p", "r"), new("two"), Ct);
        var found = await notes.FindAsync(new("p", "r"), Ct);
        Assert.Equal(("two", 0), (found!.Value.Text, found.Value.Number));
    }

    [Fact]
    public async Task Document_UpdatedByTwelveWritersAtOnce_LosesNoUpdate()
    {
        var notes = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            // Twelve that change one document at once can use up the attempts of one update; each tries until its own is in.
            for (var done = false; !done;)
            {
                try
                {
                    await notes.UpdateAsync(new("p", "counter"), n => new Note("count", (n?.Number ?? 0) + 1), Ct);
                    done = true;
                }
                catch (ConflictException) { }
            }
        }));
        Assert.Equal(12, (await notes.FindAsync(new("p", "counter"), Ct))!.Value.Number);
    }

    [Fact]
    public async Task Document_InsertedByManyAtOnce_IsInsertedByOne()
    {
        var notes = await CreateAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            try { return (await notes.InsertAsync(new("p", "r"), new($"writer {i}"), Ct)).Value.Text; }
            catch (ConflictException) { return null; }
        }));
        Assert.Equal(Assert.Single(outcomes, o => o is not null), (await notes.FindAsync(new("p", "r"), Ct))!.Value.Text);
    }

    [Fact]
    public async Task Listing_OfAPartition_IsInOrdinalRowOrder()
    {
        var notes = await CreateAsync();
        foreach (var row in (string[])["b", "a", "B", "a2", "a10", "é", "表"]) await notes.InsertAsync(new("p", row), new(row), Ct);
        await notes.InsertAsync(new("P", "other"), new("other"), Ct);
        var page = await notes.ListAsync("p", new(), Ct);
        Assert.Equal(["B", "a", "a10", "a2", "b", "é", "表"], page.Items.Select(d => d.Key.Row));
        Assert.Null(page.Continuation);
    }

    [Fact]
    public async Task Listing_PageByPage_GivesEveryDocumentOnce()
    {
        var notes = await CreateAsync();
        for (var i = 0; i < 10; i++) await notes.InsertAsync(new("p", $"row-{i:D2}"), new("", i), Ct);
        var (seen, sizes, continuation) = (new List<int>(), new List<int>(), default(string));
        do
        {
            var page = await notes.ListAsync("p", new(5, continuation), Ct);
            seen.AddRange(page.Items.Select(d => d.Value.Number));
            sizes.Add(page.Items.Count);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal(Enumerable.Range(0, 10), seen);
        Assert.Equal([5, 5], sizes);
    }

    [Fact]
    public async Task Listing_WithARowPrefix_GivesOnlyThose()
    {
        var notes = await CreateAsync();
        foreach (var row in (string[])["a", "ab-1", "ab-2", "ab", "abc", "ac", "ab'x"])
            await notes.InsertAsync(new("p", row), new(row), Ct);
        Assert.Equal(["ab", "ab'x", "ab-1", "ab-2", "abc"],
            (await notes.ListAsync("p", new(RowPrefix: "ab"), Ct)).Items.Select(d => d.Key.Row));
        var first = await notes.ListAsync("p", new(2, RowPrefix: "ab-"), Ct);
        Assert.Equal(["ab-1", "ab-2"], first.Items.Select(d => d.Key.Row));
        Assert.Null(first.Continuation);
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("' or PartitionKey ne '")]
    [InlineData("100%")]
    [InlineData("a%2Fb")]
    [InlineData("a b+c&d=e")]
    [InlineData("naïve 表 🙂")]
    [InlineData("\"quoted\" (1),{2}[3]")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Document_WithAHostileKey_KeepsItsKey(string part)
    {
        var notes = await CreateAsync();
        DocumentKey key = new(part, part);
        var inserted = await notes.InsertAsync(key, new("one"), Ct);
        await notes.ReplaceAsync(key, new("two"), inserted.ETag, Ct);
        Assert.Equal((key, "two"), ((await notes.FindAsync(key, Ct))!.Key, (await notes.FindAsync(key, Ct))!.Value.Text));
        Assert.Equal(key, Assert.Single((await notes.ListAsync(part, new(RowPrefix: part), Ct)).Items).Key);
        await notes.DeleteAsync(key, Ct);
        Assert.Null(await notes.FindAsync(key, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    public async Task Document_WithAForbiddenKey_IsRefused(string part)
    {
        var notes = await CreateAsync();
        foreach (var key in (DocumentKey[])[new(part, "r"), new("p", part)])
            Assert.Equal("key-unsafe", (await Assert.ThrowsAsync<InvalidInputException>(() => notes.PutAsync(key, new("x"), Ct))).Code);
        Assert.Equal("key-unsafe",
            (await Assert.ThrowsAsync<InvalidInputException>(() => notes.ListAsync("p", new(Continuation: part), Ct))).Code);
    }

    [Fact]
    public async Task Document_WithHalfACharacterInItsKey_IsRefused()
    {
        var notes = await CreateAsync();
        await Assert.ThrowsAsync<InvalidInputException>(() => notes.PutAsync(new("p", "half \uD83D emoji"), new("x"), Ct));
    }

    [Fact]
    public async Task Document_WithAKeyOf512Characters_IsStored_AndOfMoreRefused()
    {
        var notes = await CreateAsync();
        await notes.InsertAsync(new(new('p', 512), new('r', 512)), new("long"), Ct);
        Assert.Equal("long", (await notes.FindAsync(new(new('p', 512), new('r', 512)), Ct))!.Value.Text);
        await Assert.ThrowsAsync<InvalidInputException>(() => notes.FindAsync(new("p", new('r', 513)), Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task Listing_OfAnImpossibleSize_IsRefused(int size)
    {
        var notes = await CreateAsync();
        Assert.Equal("page-size", (await Assert.ThrowsAsync<InvalidInputException>(() => notes.ListAsync("p", new(size), Ct))).Code);
    }

    /// <summary>Sizes around every limit of a table's row: as text, compressed over several properties, and beyond a row.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(1_500)]
    [InlineData(40_000)]
    [InlineData(150_000)]
    public async Task Document_OfAnySize_ReadsBackWhole(int numbers)
    {
        var notes = await CreateAsync();
        var random = new Random(7);
        // About 19 characters each; compresses to about half.
        var values = Enumerable.Range(0, numbers).Select(_ => random.NextDouble()).ToArray();
        await notes.PutAsync(new("p", "big"), new("表 \"quoted\"", numbers, values), Ct);
        var found = await notes.FindAsync(new("p", "big"), Ct);
        Assert.Equal(values, found!.Value.Values);
        Assert.Equal(values, Assert.Single((await notes.ListAsync("p", new(), Ct)).Items).Value.Values);
        await notes.PutAsync(new("p", "big"), new("small"), Ct);
        Assert.Null((await notes.FindAsync(new("p", "big"), Ct))!.Value.Values);
    }
}
