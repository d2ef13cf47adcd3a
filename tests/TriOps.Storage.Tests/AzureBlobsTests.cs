using System.Text;
using Azure;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Storage;
using TriOps.Testing;

namespace TriOps.Storage.Tests;

public sealed class AzureBlobsTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private static readonly BlobPath Big = new(Containers.Data, "big");

    [Fact]
    public async Task Blob_LongerThanOneCall_IsWrittenWholeFromAStreamThatCannotSeek()
    {
        await using var services = await azurite.NewScope().CreateAsync();
        var blobs = services.GetRequiredService<IBlobs>();
        var length = AzureBlobs.SinglePut + 1_000_001L;
        var written = await blobs.WriteAsync(Big, new Pattern(length), WriteMode.IfAbsent, Ct);
        Assert.Equal(length, written.Length);
        Assert.Equal(written, await blobs.FindAsync(Big, Ct));
        await using var read = await blobs.OpenReadAsync(Big, Ct);
        var expected = new Pattern(length);
        var (a, b) = (new byte[1 << 20], new byte[1 << 20]);
        for (int n; (n = await expected.ReadAtLeastAsync(a, a.Length, throwOnEndOfStream: false, Ct)) > 0;)
        {
            Assert.Equal(n, await read.ReadAtLeastAsync(b.AsMemory(0, n), n, throwOnEndOfStream: false, Ct));
            Assert.True(a.AsSpan(0, n).SequenceEqual(b.AsSpan(0, n)));
        }
        Assert.Equal(0, await read.ReadAsync(b, Ct));
    }

    [Fact]
    public async Task Blob_WhoseUploadBreaksOff_IsNotThere()
    {
        await using var services = await azurite.NewScope().CreateAsync();
        var blobs = services.GetRequiredService<IBlobs>();
        await Assert.ThrowsAsync<IOException>(
            () => blobs.WriteAsync(Big, new Pattern(AzureBlobs.SinglePut + 50_000_000L, breakAt: AzureBlobs.SinglePut + 20_000_000L),
            WriteMode.Replace, Ct));
        Assert.Null(await blobs.FindAsync(Big, Ct));
    }

    [Fact]
    public async Task Blob_TooLongForOneCall_IsRefused()
    {
        await using var services = await azurite.NewScope().CreateAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => services.GetRequiredService<IBlobs>()
            .WriteAsync(Big, new byte[AzureBlobs.SinglePut + 1], WriteMode.Replace, Ct));
    }

    [Fact]
    public async Task Listing_WithNamesThatAreNoSafePaths_LeavesThemOut()
    {
        await using var services = await azurite.NewScope().CreateAsync();
        var container = services.GetRequiredService<StorageClients>().Container(Containers.Inbox);
        foreach (var name in (string[])["p/d/good.csv", "p//d.csv", "p/d/tab\t.csv"])
            await container.GetBlockBlobClient(name).UploadAsync(new MemoryStream("x"u8.ToArray()));
        var found = new List<string>();
        await foreach (var blob in services.GetRequiredService<IBlobs>().ListAsync(Containers.Inbox, "", Ct)) found.Add(blob.Path.Name);
        Assert.Equal(["p/d/good.csv"], found);
    }

    [Fact]
    public async Task UploadLink_LetsOneBlobBeWritten_AndNothingElse()
    {
        await using var services = await azurite.NewScope().CreateAsync();
        var (links, blobs) = (services.GetRequiredService<IUploadLinks>(), services.GetRequiredService<IBlobs>());
        BlobPath path = new(Containers.Inbox, "shop/orders/May 2026 (1).csv");
        var link = await links.CreateAsync(path, TimeSpan.FromMinutes(5), Ct);
        using var http = new HttpClient();

        Assert.True((await PutAsync(link, "a,b\n1,2\n")).IsSuccessStatusCode);
        Assert.Equal("a,b\n1,2\n", Encoding.UTF8.GetString(await blobs.ReadBytesAsync(path, Ct)));
        Assert.Equal(403, (int)(await http.GetAsync(link)).StatusCode);
        Assert.Equal(403, (int)(await http.DeleteAsync(link)).StatusCode);
        Assert.Equal(403, (int)(await PutAsync(new UriBuilder(link) { Path = link.AbsolutePath + "x" }.Uri, "other")).StatusCode);

        async Task<HttpResponseMessage> PutAsync(Uri to, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "text/csv");
            content.Headers.Add("x-ms-blob-type", "BlockBlob");
            return await http.PutAsync(to, content);
        }
    }

    [Fact]
    public async Task UploadLink_OverItsTime_IsRefused()
    {
        await using var services = await azurite.NewScope().CreateAsync();
        var clients = services.GetRequiredService<StorageClients>();
        var yesterday = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-1));
        var link = await new SasUploadLinks(clients, yesterday).CreateAsync(new(Containers.Inbox, "a"), TimeSpan.FromMinutes(5), Ct);
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => new BlockBlobClient(link)
            .UploadAsync(new MemoryStream("x"u8.ToArray())));
        Assert.Equal(403, error.Status);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => new SasUploadLinks(clients, yesterday)
            .CreateAsync(new(Containers.Inbox, "a"), TimeSpan.FromHours(2), Ct));
    }

    /// <summary>A long stream of known bytes that cannot seek, and may break.</summary>
    private sealed class Pattern(long length, long breakAt = long.MaxValue) : Stream
    {
        private long position;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (position >= breakAt) throw new IOException("The connection broke.");
            var n = (int)Math.Min(count, length - position);
            for (var i = 0; i < n; i++, position++) buffer[offset + i] = (byte)((position * 31) ^ (position >> 13));
            return n;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
