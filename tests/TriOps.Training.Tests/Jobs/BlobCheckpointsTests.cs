using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Compute;
using TriOps.Core.Storage;
using TriOps.Testing.Fakes;
using TriOps.Trainer.Jobs;

namespace TriOps.Training.Tests.Jobs;

public sealed class BlobCheckpointsTests
{
    private const int Chunk = 16 * 1024;
    private readonly FakeTimeProvider time = new();
    private readonly SlowBlobs blobs =
        new(new ServiceCollection().AddMemoryStores(TimeProvider.System).BuildServiceProvider().GetRequiredService<IBlobs>());

    [Fact]
    public void Save_MuchData_IsReadBackAndWasNeverHeldWhole()
    {
        var checkpoints = new BlobCheckpoints(blobs, time, "job-1");
        long written = 0, ahead = 0;
        checkpoints.Save(stream =>
        {
            for (var i = 0; i < 512; i++)
            {
                stream.Write(new byte[Chunk].Select(_ => (byte)i).ToArray());
                ahead = Math.Max(ahead, (written += Chunk) - blobs.Read);
            }
        });
        Assert.InRange(ahead, 1, 256 * 1024); // Of 8 MiB.
        using var read = checkpoints.Open()!;
        using var bytes = new MemoryStream();
        read.CopyTo(bytes);
        Assert.Equal(512 * Chunk, bytes.Length);
        Assert.Equal(Enumerable.Range(0, 512).Select(i => (byte)i), bytes.ToArray().Chunk(Chunk).Select(c => c[^1]));
    }

    [Fact]
    public void Save_WriterFails_LeavesTheLastOne()
    {
        var checkpoints = new BlobCheckpoints(blobs, time, "job-1");
        checkpoints.Save(stream => stream.WriteByte(1));
        var error = Assert.Throws<InvalidOperationException>(() => checkpoints.Save(stream =>
        {
            stream.Write(new byte[Chunk * 10]);
            throw new InvalidOperationException("no more tensors");
        }));
        Assert.Equal("no more tensors", error.Message);
        using var read = checkpoints.Open()!;
        Assert.Equal((1, -1), (read.ReadByte(), read.ReadByte()));
    }

    [Fact]
    public void Save_StorageFails_SaysSoAndDoesNotHang()
    {
        blobs.Fault = new IOException("the storage is gone");
        var error =
            Assert.Throws<IOException>(() => new BlobCheckpoints(blobs, time, "job-1").Save(stream => stream.Write(new byte[Chunk * 100])));
        Assert.Equal("the storage is gone", error.Message);
    }

    [Fact]
    public void Open_NoneSaved_IsNull() => Assert.Null(new BlobCheckpoints(blobs, time, "job-1").Open());

    [Fact]
    public void Due_TenSecondsAfterTheLast()
    {
        var checkpoints = new BlobCheckpoints(blobs, time, "job-1");
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(checkpoints.Due);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(checkpoints.Due);
        checkpoints.Save(stream => stream.WriteByte(1));
        Assert.False(checkpoints.Due);
    }

    /// <summary>Counts what is read of a stream that is written.</summary>
    private sealed class SlowBlobs(IBlobs inner) : IBlobs
    {
        private long read;
        public long Read => Interlocked.Read(ref read);
        public Exception? Fault { get; set; }

        public async Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct)
        {
            using var whole = new MemoryStream();
            var buffer = new byte[4096];
            while (await content.ReadAsync(buffer, ct) is var count && count > 0)
            {
                if (Fault is not null) throw Fault;
                Interlocked.Add(ref read, count);
                whole.Write(buffer, 0, count);
            }
            whole.Position = 0;
            return await inner.WriteAsync(path, whole, mode, ct);
        }

        public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct) => inner.FindAsync(path, ct);
        public Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null,
            string? ifMatch = null) => inner.OpenReadAsync(path, ct, offset, length, ifMatch);
        public Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct) =>
            inner.WriteAsync(path, content, mode, ct);
        public IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, CancellationToken ct) =>
            inner.ListAsync(container, prefix, ct);
        public Task DeleteAsync(BlobPath path, CancellationToken ct) => inner.DeleteAsync(path, ct);
    }
}
