using System.Runtime.CompilerServices;
using TriOps.Core;
using TriOps.Core.Storage;

namespace TriOps.Benchmarks;

/// <summary>Blobs as files in a folder: storage that costs little, so that a benchmark measures what is above it.</summary>
internal sealed class FolderBlobs(string root) : IBlobs
{
    public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct) =>
        Task.FromResult(new FileInfo(File(path)) is { Exists: true } f
            ? new BlobInfo(path, $"{f.LastWriteTimeUtc.Ticks}", f.Length, f.LastWriteTimeUtc) : null);

    public Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null, string? ifMatch = null)
    {
        if (!System.IO.File.Exists(File(path))) throw new NotFoundException("blob-missing", $"There is no blob {path}.");
        return Task.FromResult<Stream>(new FileStream(File(path), FileMode.Open, FileAccess.Read, FileShare.Read, 1) { Position = offset });
    }

    public async Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(path))!);
        await using (var file = System.IO.File.Create(File(path))) await content.CopyToAsync(file, ct);
        return (await FindAsync(path, ct))!;
    }

    public async Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(path))!);
        await System.IO.File.WriteAllBytesAsync(File(path), content, ct);
        return (await FindAsync(path, ct))!;
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, container), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(Path.Combine(root, container), file).Replace('\\', '/');
            if (name.StartsWith(prefix, StringComparison.Ordinal)) yield return (await FindAsync(new BlobPath(container, name), ct))!;
        }
    }

    public Task DeleteAsync(BlobPath path, CancellationToken ct)
    {
        System.IO.File.Delete(File(path));
        return Task.CompletedTask;
    }

    private string File(BlobPath path) => Path.Combine(root, path.Container, path.Name);
}
