using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Storage;

namespace TriOps.Data.Packs;

/// <summary>The files of a dataset version and where their chunks lie. Immutable; its address is the SHA-256 of its JSON. See
/// docs/formats.md.</summary>
/// <param name="Version">Of the format: 1; another is refused.</param>
/// <param name="Files">By name, ordinal order.</param>
public sealed record DatasetManifest(int Version, IReadOnlyList<ManifestFile> Files)
{
    /// <summary>The format's version that is written and read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Bytes of all files.</summary>
    public long Length => Files.Sum(f => f.Length);

    /// <summary>These files with <paramref name="file"/> added, or put in the place of the one of its name.</summary>
    /// <remarks>The same bytes again leave everything as it is, wherever their chunks lie.</remarks>
    public DatasetManifest With(ManifestFile file) => Files.Any(f => f.Name == file.Name && f.HasBytesOf(file)) ? this :
        new(CurrentVersion, [.. Files.Where(f => f.Name != file.Name).Append(file).OrderBy(f => f.Name, StringComparer.Ordinal)]);

    /// <summary>These files without the one of that name; the same if there is none.</summary>
    public DatasetManifest Without(string name) => Files.Any(f => f.Name == name)
        ? new(CurrentVersion, [.. Files.Where(f => f.Name != name)]) : this;

    /// <summary>Stores it; storing it again changes nothing.</summary>
    public Task<ContentId> WriteAsync(IBlobs blobs, CancellationToken ct) => blobs.StoreJsonAsync(DatasetPaths.Manifest, this, ct);

    /// <summary>Reads a manifest and checks it against its address.</summary>
    /// <exception cref="NotFoundException">There is none (code manifest-missing).</exception>
    /// <exception cref="InvalidDataException">Its bytes do not hash to its address, or its format version is unknown.</exception>
    public static async Task<DatasetManifest> ReadAsync(IBlobs blobs, ContentId id, CancellationToken ct)
    {
        byte[] bytes;
        try { bytes = await blobs.ReadBytesAsync(DatasetPaths.Manifest(id), ct); }
        catch (NotFoundException)
        {
            throw new NotFoundException("manifest-missing",
                $"There is no dataset manifest {id}. It was never written, or somebody removed it from storage.");
        }
        var found = ContentId.OfBytes(bytes);
        if (found != id)
            throw new InvalidDataException($"Dataset manifest {id.Short} hashes to {found.Short}: the blob was changed. Restore it from a "
                + $"backup of the storage account; retrying will not help.");
        using (var document = JsonDocument.Parse(bytes))
            if (!document.RootElement.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number
                || version.GetInt32() != CurrentVersion)
                throw new InvalidDataException($"Dataset manifest {id.Short} has a format version other than {CurrentVersion}. A newer "
                    + $"TriOps wrote it: read it with that one.");
        return JsonSerializer.Deserialize<DatasetManifest>(bytes, TriOpsJson.Options)!;
    }
}

/// <summary>A file of a version.</summary>
/// <param name="Name">As uploaded.</param>
/// <param name="Length">Bytes: the sum of its chunks'.</param>
/// <param name="Chunks">In file order.</param>
public sealed record ManifestFile(string Name, long Length, IReadOnlyList<Chunk> Chunks)
{
    /// <summary>Whether another file is made of the same bytes.</summary>
    public bool HasBytesOf(ManifestFile other) => Length == other.Length && Chunks.Select(c => c.Id)
        .SequenceEqual(other.Chunks.Select(c => c.Id));
}

/// <summary>A run of bytes of a file.</summary>
/// <param name="Id">SHA-256 of the bytes.</param>
/// <param name="Length">1 to 262,144.</param>
/// <param name="Pack">The pack that holds it.</param>
/// <param name="Offset">Where in the pack it begins.</param>
public sealed record Chunk(ContentId Id, int Length, ContentId Pack, int Offset);
