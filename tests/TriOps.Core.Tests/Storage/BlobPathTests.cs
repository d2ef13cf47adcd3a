using System.Text.Json;
using TriOps.Core.Content;
using TriOps.Core.Storage;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Storage;

public sealed class BlobPathTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("demo/tumours/t..1.csv")]
    [InlineData("demo/ein Käse.csv")]
    public void BlobPath_SafeName_IsKept(string name) => Assert.Equal($"inbox/{name}", new BlobPath(Containers.Inbox, name).ToString());

    [Theory]
    [InlineData("../secrets")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("..")]
    [InlineData("a\\..\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void BlobPath_UnsafeName_IsRefused(string name) =>
        Assert.Equal("path-unsafe", Assert.Throws<InvalidInputException>(() => new BlobPath(Containers.Inbox, name)).Code);

    [Fact]
    public void BlobPath_TooLong_IsRefused() =>
        Assert.Throws<InvalidInputException>(() => new BlobPath(Containers.Inbox, new string('a', 1025)));

    [Fact]
    public void ContentId_OfKnownBytes_IsTheirSha256() => // FIPS 180-4's example "abc"
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ContentId.OfBytes("abc"u8).Hex);

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void ContentId_NotSixtyFourLowerHexDigits_IsRefused(string text)
    {
        Assert.False(ContentId.TryParse(text, null, out _));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ContentId>(JsonSerializer.Serialize(text), TriOpsJson.Options));
    }

    [Fact]
    public void ContentId_Default_CannotBeRead() => Assert.Throws<InvalidOperationException>(() => default(ContentId).Hex);

    [Fact]
    public async Task ReadJson_NullDocument_IsRefused()
    {
        var blobs = new MemoryBlobs();
        var path = new BlobPath(Containers.Data, "x.json");
        await blobs.WriteAsync(path, "null"u8.ToArray(), WriteMode.Replace, default);
        await Assert.ThrowsAsync<InvalidDataException>(() => blobs.ReadJsonAsync<ContentIdHolder>(path, default));
    }

    [Fact]
    public void Rows_Descending_SortOrdinallyFromNewToOld()
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.True(string.CompareOrdinal(Rows.Descending(10), Rows.Descending(9)) < 0);
        Assert.True(string.CompareOrdinal(Rows.Ascending(9), Rows.Ascending(10)) < 0);
        Assert.True(string.CompareOrdinal(Rows.Descending(time.AddTicks(1)), Rows.Descending(time)) < 0);
        Assert.Equal(Rows.Descending(time), Rows.Descending(time.ToOffset(TimeSpan.FromHours(5))));
    }

    private sealed record ContentIdHolder(ContentId Id);
}
