using System.Text;
using FsCheck;
using FsCheck.Xunit;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Storage;
using TriOps.Data.Packs;
using TriOps.Testing.Fakes;

namespace TriOps.Data.Tests.Packs;

public sealed class PackTests
{
    private readonly MemoryBlobs blobs = new();

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<PackedFile> PackAsync(byte[] bytes, DatasetManifest? parent = null) =>
        await new FilePacker(blobs).PackAsync("f.csv", new MemoryStream(bytes), parent, default);

    private static DatasetManifest ManifestOf(PackedFile file) => new(DatasetManifest.CurrentVersion, [file.File]);

    private async Task<byte[]> ReadAsync(PackedFile file)
    {
        var id = await ManifestOf(file).WriteAsync(blobs, default);
        await using var stream = await new DatasetFiles(blobs).OpenAsync(id, "f.csv", default);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    [Property(MaxTest = 30)]
    public void Boundary_AnyBytes_LiesWithinTheLimitsAndDependsOnNothingBehindIt(PositiveInt size, int seed)
    {
        var bytes = Noise(size.Get * 9973 % 700_000 + 1, seed);
        var length = ChunkBoundary.Find(bytes);
        Assert.InRange(length, Math.Min(ChunkBoundary.Min, bytes.Length), Math.Min(ChunkBoundary.Max, bytes.Length));
        if (length < bytes.Length && length < ChunkBoundary.Max) Assert.Equal(length, ChunkBoundary.Find(bytes.AsSpan(0, length + 1)));
    }

    [Fact]
    public void Boundary_ManyRandomBytes_AverageNearTheAim()
    {
        var bytes = Noise(32 << 20, 1);
        var (count, at) = (0, 0);
        for (; at < bytes.Length; count++) at += ChunkBoundary.Find(bytes.AsSpan(at));
        Assert.InRange(bytes.Length / count, 48 << 10, 96 << 10);
    }

    [Fact]
    public void Boundary_OneByteRepeated_EndsAtTheLongestChunk() =>
        Assert.InRange(ChunkBoundary.Find(new byte[1 << 20]), ChunkBoundary.Min, ChunkBoundary.Max);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData((4 << 20) - 1)]
    [InlineData(4 << 20)]
    [InlineData((4 << 20) + 1)]
    [InlineData(30_000_000)]
    public async Task Pack_AnyLength_ReadsBackWhole(int length)
    {
        var bytes = Noise(length, length);
        var packed = await PackAsync(bytes);
        Assert.Equal((length, length), (packed.File.Length, packed.AddedBytes));
        Assert.Equal(ContentId.OfBytes(bytes), ContentId.OfBytes(await ReadAsync(packed)));
        await foreach (var pack in blobs.ListAsync(Containers.Data, "packs/", default)) Assert.InRange(pack.Length, 1, 16 << 20);
    }

    [Property(MaxTest = 15)]
    public void Pack_AfterAnInsert_StoresOnlyWhatIsNearIt(PositiveInt where, int seed)
    {
        var bytes = Noise(6_000_000, seed);
        var at = (int)((long)where.Get * 104_729 % bytes.Length);
        byte[] changed = [.. bytes[..at], .. Noise(37, seed + 1), .. bytes[at..]];

        var first = PackAsync(bytes).GetAwaiter().GetResult();
        var second = PackAsync(changed, ManifestOf(first)).GetAwaiter().GetResult();

        Assert.InRange(second.AddedBytes, 37, 4 * ChunkBoundary.Max);
        Assert.Equal(ContentId.OfBytes(changed), ContentId.OfBytes(ReadAsync(second).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task Pack_SameBytesAgain_AddsNothingAndGivesTheSameManifest()
    {
        var bytes = Noise(12_000_000, 3);
        var first = await PackAsync(bytes);
        var again = await PackAsync(bytes);
        var onTop = await PackAsync(bytes, ManifestOf(first));
        var id = await ManifestOf(first).WriteAsync(blobs, default);
        Assert.Equal(id, await ManifestOf(again).WriteAsync(blobs, default));
        Assert.Equal(id, await ManifestOf(onTop).WriteAsync(blobs, default));
        Assert.Equal(0, onTop.AddedBytes);
    }

    [Fact]
    public async Task Pack_RepeatedContent_IsStoredOnce()
    {
        var block = Noise(3_000_000, 4);
        var packed = await PackAsync([.. block, .. block, .. block]);
        Assert.InRange(packed.AddedBytes, 3_000_000, 4_000_000);
        Assert.Equal(9_000_000, (await ReadAsync(packed)).Length);
    }

    [Fact]
    public async Task Read_PackChanged_NamesChunkAndPack()
    {
        var packed = await PackAsync(Noise(200_000, 5));
        var chunk = packed.File.Chunks[1];
        var pack = await blobs.ReadBytesAsync(DatasetPaths.Pack(chunk.Pack), default);
        pack[chunk.Offset] ^= 1;
        await blobs.WriteAsync(DatasetPaths.Pack(chunk.Pack), pack, WriteMode.Replace, default);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(packed));
        Assert.Contains($"Chunk {chunk.Id.Short} of f.csv", error.Message);
        Assert.Contains(chunk.Pack.Hex, error.Message);
    }

    [Fact]
    public async Task Read_PackMissing_SaysSo()
    {
        var packed = await PackAsync(Noise(200_000, 6));
        await blobs.DeleteAsync(DatasetPaths.Pack(packed.File.Chunks[0].Pack), default);
        Assert.Contains("the pack is missing", (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(packed))).Message);
    }

    [Fact]
    public async Task Pack_StreamFails_FailsWithItsError() =>
        await Assert.ThrowsAsync<IOException>(() => new FilePacker(blobs).PackAsync("f.csv", new BrokenStream(20_000_000), null, default));

    [Fact]
    public async Task Pack_StorageFails_FailsWithItsError() =>
        await Assert.ThrowsAsync<IOException>(() => new FilePacker(new FullDisk())
            .PackAsync("f.csv", new MemoryStream(Noise(60_000_000, 1)), null, default));

    [Fact]
    public async Task Manifest_ChangedOrOfANewerFormat_IsRefused()
    {
        var id = await new DatasetManifest(1, []).WriteAsync(blobs, default);
        await blobs.WriteAsync(DatasetPaths.Manifest(id), "{}"u8.ToArray(), WriteMode.Replace, default);
        Assert.Contains("the blob was changed",
            (await Assert.ThrowsAsync<InvalidDataException>(() => DatasetManifest.ReadAsync(blobs, id, default))).Message);
        var newer = await new DatasetManifest(2, []).WriteAsync(blobs, default);
        Assert.Contains("a format version other than 1",
            (await Assert.ThrowsAsync<InvalidDataException>(() => DatasetManifest.ReadAsync(blobs, newer, default))).Message);
        var missing = ContentId.OfBytes(Encoding.UTF8.GetBytes("nothing"));
        Assert.Equal("manifest-missing",
            (await Assert.ThrowsAsync<NotFoundException>(() => DatasetManifest.ReadAsync(blobs, missing, default))).Code);
    }

    private sealed class BrokenStream(int after) : Stream
    {
        private int left = after;
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (left <= 0) throw new IOException("broken");
            var count = Math.Min(left, buffer.Length);
            left -= count;
            return new(count);
        }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => 0; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class FullDisk : IBlobs
    {
        public Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct) =>
            Task.FromException<BlobInfo>(new IOException("There is not enough space on the disk."));
        public Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct) =>
            throw new NotSupportedException();
        public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct) => throw new NotSupportedException();
        public Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null,
            string? ifMatch = null) => throw new NotSupportedException();
        public IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, CancellationToken ct) =>
            throw new NotSupportedException();
        public Task DeleteAsync(BlobPath path, CancellationToken ct) => throw new NotSupportedException();
    }
}
