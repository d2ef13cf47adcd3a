using System.Collections.Concurrent;
using System.Security.Cryptography;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Storage;

namespace TriOps.Serving.Store;

/// <summary>Models' files on this machine's disk: a folder a set of files, named by its content, so that ONNX Runtime opens them by path,
/// finds tensors in other files beside the graph, and nothing is held in memory twice. What was fetched is verified by its hash, and again
/// when a process first meets it. Thread-safe.</summary>
/// <param name="blobs">Where the files come from.</param>
/// <param name="options">Where they go, and how much of them.</param>
/// <param name="time">When a set was last asked for is kept as its folder's time.</param>
public sealed class ModelFolder(IBlobs blobs, ServingOptions options, TimeProvider time) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly ConcurrentDictionary<ContentId, bool> verified = new();
    private readonly Lazy<DirectoryInfo> root = new(() => options.ModelFolder is { } folder ? Directory.CreateDirectory(folder)
        : Directory.CreateTempSubdirectory("triops-models-"));

    /// <summary>The path of the graph, with all files of the set beside it under their names.</summary>
    /// <exception cref="InvalidInputException">A file is missing, too large, or not what its address says (code model-invalid).</exception>
    public async Task<string> FetchAsync(ModelFiles files, CancellationToken ct)
    {
        if (files.Bytes > options.MaxModelBytes)
            throw Invalid($"{ModelPaths.File(files.Graph)} and what belongs to it have {files.Bytes:N0} bytes; at most "
                + $"{options.MaxModelBytes:N0} are loaded.");
        var set = files.SetId();
        var folder = Path.Combine(root.Value.FullName, set.Hex);
        if (!verified.ContainsKey(set) || !Directory.Exists(folder))
        {
            if (!await IsWholeAsync(files, folder, ct)) await DownloadAsync(files, folder, ct);
            verified[set] = true;
            MakeRoom(folder);
        }
        Directory.SetLastWriteTimeUtc(folder, time.GetUtcNow().UtcDateTime);
        return Path.Combine(folder, files.Graph.Name);
    }

    /// <summary>Removes the folder when it was this object's own.</summary>
    public void Dispose()
    {
        if (root.IsValueCreated && options.ModelFolder is null) Remove(root.Value.FullName);
    }

    private async Task DownloadAsync(ModelFiles files, string folder, CancellationToken ct)
    {
        var made = Path.Combine(root.Value.FullName, $".{Guid.NewGuid():N}");
        Directory.CreateDirectory(made);
        try
        {
            foreach (var file in files.Files) await DownloadAsync(file, Path.Combine(made, file.Name), ct);
            Remove(folder); // Another process's, and not whole.
            try { Directory.Move(made, folder); }
            catch (IOException) when (Directory.Exists(folder)) { /* Another was quicker with the same files. */ }
        }
        finally { Remove(made); }
    }

    private async Task DownloadAsync(ModelFile file, string to, CancellationToken ct)
    {
        var path = ModelPaths.File(file);
        var info = await blobs.FindAsync(path, ct) ?? throw Invalid($"There is no model file {path}. Train the version again.");
        if (info.Length != file.Bytes) throw Changed(path, $"has {info.Length:N0} bytes, not {file.Bytes:N0}");
        await using (var source = await blobs.OpenReadAsync(path, ct, 0, info.Length))
        await using (var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            await source.CopyToAsync(target, BufferBytes, ct);
        if (await HashAsync(to, ct) is var actual && actual != file.Id) throw Changed(path, $"hashes to {actual.Short}…");
    }

    private static async Task<bool> IsWholeAsync(ModelFiles files, string folder, CancellationToken ct)
    {
        foreach (var file in files.Files)
        {
            var there = new FileInfo(Path.Combine(folder, file.Name));
            if (!there.Exists || there.Length != file.Bytes || await HashAsync(there.FullName, ct) != file.Id) return false;
        }
        return true;
    }

    private static async Task<ContentId> HashAsync(string path, CancellationToken ct)
    {
        await using var file =
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes,
            FileOptions.SequentialScan | FileOptions.Asynchronous);
        return ContentId.FromHash(await SHA256.HashDataAsync(file, ct));
    }

    /// <summary>Removes what was not used for longest, until the rest fits. Open files live on until they are closed.</summary>
    private void MakeRoom(string keep)
    {
        var sets = root.Value.EnumerateDirectories().Where(d => ContentId.TryParse(d.Name, null, out _))
            .Select(d => (Folder: d, Bytes: d.EnumerateFiles().Sum(f => f.Length)))
            .OrderByDescending(d => d.Folder.LastWriteTimeUtc).ToList();
        var total = sets.Sum(s => s.Bytes);
        for (var i = sets.Count - 1; i >= 0 && total > options.MaxDiskBytes; i--)
        {
            if (sets[i].Folder.FullName == keep) continue;
            total -= sets[i].Bytes;
            Remove(sets[i].Folder.FullName);
        }
    }

    private static void Remove(string folder)
    {
        try { if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* In use on this system: it goes next time. */ }
    }

    private static InvalidInputException Changed(BlobPath path, string how) =>
        Invalid($"{path} {how}: the blob was changed after it was registered. Train the version again; retrying will not help.");

    private static InvalidInputException Invalid(string message) => new("model-invalid", message);
}
