using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Data.Packs;

/// <summary>The files of stored dataset versions.</summary>
public sealed class DatasetFiles(IBlobs blobs)
{
    /// <summary>The manifest at an address.</summary>
    /// <exception cref="NotFoundException">There is none (code manifest-missing).</exception>
    /// <exception cref="InvalidDataException">It was changed, or its format is unknown.</exception>
    public Task<DatasetManifest> ManifestAsync(ContentId manifest, CancellationToken ct) => DatasetManifest.ReadAsync(blobs, manifest, ct);

    /// <summary>A file's bytes, read forward; each chunk is checked against its hash.</summary>
    /// <exception cref="NotFoundException">The manifest has no such file (code file-missing).</exception>
    public async Task<Stream> OpenAsync(ContentId manifest, string file, CancellationToken ct)
    {
        var found = await ManifestAsync(manifest, ct);
        return Open(found.Files.FirstOrDefault(f => f.Name == file)
            ?? throw new NotFoundException("file-missing",
            $"Manifest {manifest.Short} has no file '{file}'. It has: {string.Join(", ", found.Files.Select(f => f.Name))}."));
    }

    /// <summary>The bytes of a manifest's file. A wrong hash is an <see cref="InvalidDataException"/> that names chunk and pack.</summary>
    public Stream Open(ManifestFile file) => new PackedStream(blobs, file);
}
