using System.Text;
using TriOps.Core;
using TriOps.Core.Storage;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>What every <see cref="IBlobs"/> does.</summary>
public abstract class BlobsConformance
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    /// <summary>An empty store of the kind under test, with every container.</summary>
    protected abstract Task<IBlobs> CreateAsync();

    [Fact]
    public async Task Blob_NeverWritten_IsNotFound()
    {
        var blobs = await CreateAsync();
        Assert.Null(await blobs.FindAsync(At("nothing"), Ct));
        Assert.Equal("blob-missing", (await Assert.ThrowsAsync<NotFoundException>(() => blobs.OpenReadAsync(At("nothing"), Ct))).Code);
        await blobs.DeleteAsync(At("nothing"), Ct);
    }

    [Fact]
    public async Task Blob_Written_ReadsBackWithTheInfoTheWriteGave()
    {
        var blobs = await CreateAsync();
        var written = await blobs.WriteAsync(At("a/b.txt"), Bytes("hello"), WriteMode.Replace, Ct);
        Assert.Equal("hello", Text(await blobs.ReadBytesAsync(At("a/b.txt"), Ct)));
        Assert.Equal(written, await blobs.FindAsync(At("a/b.txt"), Ct));
        Assert.Equal(written, Assert.Single(await ListAsync(blobs, "a/")));
        Assert.Equal(5, written.Length);
    }

    [Fact]
    public async Task Blob_WrittenAgain_HasNewBytesAndAnotherETag()
    {
        var blobs = await CreateAsync();
        var first = await blobs.WriteAsync(At("x"), Bytes("one"), WriteMode.Replace, Ct);
        var second = await blobs.WriteAsync(At("x"), Bytes("two"), WriteMode.Replace, Ct);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal("two", Text(await blobs.ReadBytesAsync(At("x"), Ct)));
        await using (await blobs.OpenReadAsync(At("x"), Ct, ifMatch: second.ETag)) { }
        Assert.Equal("blob-changed",
            (await Assert.ThrowsAsync<ConflictException>(() => blobs.OpenReadAsync(At("x"), Ct, ifMatch: first.ETag))).Code);
    }

    [Fact]
    public async Task Blob_WrittenIfAbsent_StaysWhatItWas()
    {
        var blobs = await CreateAsync();
        var first = await blobs.WriteAsync(At("x"), Bytes("one"), WriteMode.IfAbsent, Ct);
        Assert.Equal(first, await blobs.WriteAsync(At("x"), Bytes("three"), WriteMode.IfAbsent, Ct));
        using var stream = new MemoryStream(Bytes("three"));
        Assert.Equal(first, await blobs.WriteAsync(At("x"), stream, WriteMode.IfAbsent, Ct));
        Assert.Equal("one", Text(await blobs.ReadBytesAsync(At("x"), Ct)));
    }

    [Fact]
    public async Task Blob_WrittenIfAbsentByManyAtOnce_IsOneOfThem()
    {
        var blobs = await CreateAsync();
        var written =
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => blobs.WriteAsync(At("x"), Bytes($"writer {i}"), WriteMode.IfAbsent, Ct)));
        Assert.Single(written.Select(w => w.ETag).Distinct());
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(3, null, "3456789")]
    [InlineData(3, 4L, "3456")]
    [InlineData(8, 100L, "89")]
    [InlineData(10, null, "")]
    [InlineData(99, 5L, "")]
    [InlineData(2, 0L, "")]
    public async Task Blob_ReadFromAnOffset_GivesThatPart(long offset, long? length, string expected)
    {
        var blobs = await CreateAsync();
        await blobs.WriteAsync(At("digits"), Bytes("0123456789"), WriteMode.Replace, Ct);
        using var reader = new StreamReader(await blobs.OpenReadAsync(At("digits"), Ct, offset, length));
        Assert.Equal(expected, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Blob_Empty_IsABlob()
    {
        var blobs = await CreateAsync();
        await blobs.WriteAsync(At("empty"), ReadOnlyMemory<byte>.Empty, WriteMode.Replace, Ct);
        Assert.Equal(0, (await blobs.FindAsync(At("empty"), Ct))!.Length);
        Assert.Empty(await blobs.ReadBytesAsync(At("empty"), Ct));
    }

    [Fact]
    public async Task Listing_OfAPrefix_IsInNameOrderAndOfThatContainerOnly()
    {
        var blobs = await CreateAsync();
        foreach (var name in (string[])["p/b", "p/a/2", "p/B", "q/a", "p/a/10"])
            await blobs.WriteAsync(At(name), Bytes("."), WriteMode.Replace, Ct);
        await blobs.WriteAsync(new(Containers.Models, "p/c"), Bytes("."), WriteMode.Replace, Ct);
        Assert.Equal(["p/B", "p/a/10", "p/a/2", "p/b"], (await ListAsync(blobs, "p/")).Select(b => b.Path.Name));
        Assert.Empty(await ListAsync(blobs, "nobody/"));
    }

    [Fact]
    public async Task Blob_Deleted_IsGone()
    {
        var blobs = await CreateAsync();
        await blobs.WriteAsync(At("x"), Bytes("one"), WriteMode.Replace, Ct);
        await blobs.DeleteAsync(At("x"), Ct);
        Assert.Null(await blobs.FindAsync(At("x"), Ct));
    }

    [Theory]
    [InlineData("with space.csv")]
    [InlineData("100%.csv")]
    [InlineData("a%2Fb")]
    [InlineData("a+b&c=d?e#f")]
    [InlineData("naïve-Ünïcode-表-🙂.csv")]
    [InlineData("quote'\"<>|*:;,()[]{}!@$^~`.csv")]
    [InlineData("ends.with.dots..")]
    [InlineData("…")]
    public async Task Blob_WithAHostileName_KeepsItsName(string name)
    {
        var blobs = await CreateAsync();
        await blobs.WriteAsync(At($"names/{name}"), Bytes(name), WriteMode.Replace, Ct);
        var listed = Assert.Single(await ListAsync(blobs, "names/"));
        Assert.Equal($"names/{name}", listed.Path.Name);
        Assert.Equal(name, Text(await blobs.ReadBytesAsync(listed.Path, Ct)));
    }

    private static BlobPath At(string name) => new(Containers.Data, name);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static async Task<List<BlobInfo>> ListAsync(IBlobs blobs, string prefix)
    {
        var found = new List<BlobInfo>();
        await foreach (var blob in blobs.ListAsync(Containers.Data, prefix, Ct)) found.Add(blob);
        return found;
    }
}
