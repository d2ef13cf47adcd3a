using Microsoft.AspNetCore.Http;

namespace TriOps.Functions.Web;

/// <summary>A request's body that throws what Kestrel throws once more is read than allowed, at once if its length was said.</summary>
/// <param name="inner">The body.</param>
/// <param name="most">Bytes.</param>
/// <param name="announced">Its length, where the request says it.</param>
internal sealed class LimitedBody(Stream inner, long most, long? announced) : Stream
{
    private long read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="BadHttpRequestException">413: the body is larger than allowed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (announced > most) throw TooLarge();
        var count = await inner.ReadAsync(buffer, cancellationToken);
        return (read += count) > most ? throw TooLarge() : count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Request bodies are read asynchronously.");
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private BadHttpRequestException TooLarge() => new($"The body is larger than {most} bytes.", StatusCodes.Status413PayloadTooLarge);
}
