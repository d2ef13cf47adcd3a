using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Storage;

namespace TriOps.Serving.Models;

/// <summary>Opens models on ONNX Runtime. A model is read once however many ask for it; the least recently opened leave the cache, and their sessions are
/// disposed when nobody scores with them any more. Thread-safe.</summary>
/// <remarks>A model file is not trusted: its size is limited, its hash must be its address, tensors in other files are refused, and no custom operators
/// are registered.</remarks>
public sealed class OnnxScorers(IBlobs blobs, ServingOptions options, ILogger<OnnxScorers>? logger = null) : IScorers, IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<ContentId, LinkedListNode<Entry>> cache = [];
    private readonly LinkedList<Entry> recent = new();
    private readonly HashSet<LoadedModel> live = [];
    private readonly Lazy<ExecutionDevice> device = new(() => ExecutionDevice.Detect(logger ?? NullLogger<OnnxScorers>.Instance));
    private bool disposed;

    private sealed record Entry(ContentId Id, Task<LoadedModel> Loading);

    /// <summary>Sessions that exist, cached or still in use.</summary>
    public int Live { get { lock (gate) return live.Count; } }

    /// <inheritdoc/>
    public async Task<IScorer> OpenAsync(ContentId onnx, ModelSignature signature, CancellationToken ct)
    {
        while (true)
        {
            var model = await Find(onnx, signature).WaitAsync(ct);
            if (!model.Fits(signature))
                throw new InvalidInputException("model-invalid", $"Model {onnx.Short} is loaded with another signature: the two versions that name it disagree on its columns or classes.");
            if (model.TryUse()) return new OnnxScorer(model, Release);
        }
    }

    /// <summary>Lets go of every cached model; those in use stay until their users are done.</summary>
    public void Dispose()
    {
        List<Entry> dropped;
        lock (gate)
        {
            disposed = true;
            dropped = [.. recent];
            recent.Clear();
            cache.Clear();
        }
        dropped.ForEach(Drop);
    }

    private Task<LoadedModel> Find(ContentId onnx, ModelSignature signature)
    {
        Entry? dropped = null;
        Task<LoadedModel> loading;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (cache.TryGetValue(onnx, out var node) && !node.Value.Loading.IsFaulted)
            {
                recent.Remove(node);
                recent.AddFirst(node);
                return node.Value.Loading;
            }
            if (node is not null) recent.Remove(node);
            loading = Task.Run(() => LoadAsync(onnx, signature));
            cache[onnx] = recent.AddFirst(new Entry(onnx, loading));
            if (recent.Count > Math.Max(1, options.MaxModels))
            {
                dropped = recent.Last!.Value;
                recent.RemoveLast();
                cache.Remove(dropped.Id);
            }
        }
        if (dropped is not null) Drop(dropped);
        return loading;
    }

    private async Task<LoadedModel> LoadAsync(ContentId onnx, ModelSignature signature)
    {
        var path = ModelPaths.Onnx(onnx);
        var info = await blobs.FindAsync(path, CancellationToken.None) ?? throw new InvalidInputException("model-invalid", $"There is no model file {path}. Train the version again.");
        if (info.Length > options.MaxModelBytes)
            throw new InvalidInputException("model-invalid", $"{path} has {info.Length:N0} bytes; at most {options.MaxModelBytes:N0} are loaded.");
        var bytes = new byte[info.Length];
        await using (var stream = await blobs.OpenReadAsync(path, CancellationToken.None, 0, info.Length))
            await stream.ReadExactlyAsync(bytes);
        if (ContentId.FromHash(SHA256.HashData(bytes)) is var actual && actual != onnx)
            throw new InvalidInputException("model-invalid", $"{path} hashes to {actual.Short}…: the blob was changed after it was registered. Train the version again; retrying will not help.");
        var model = LoadedModel.Open(bytes, signature, path.ToString(), options, device.Value);
        lock (gate) live.Add(model);
        return model;
    }

    // A model that is still loading is released when it has loaded; one that failed to has nothing to release.
    private void Drop(Entry entry) => entry.Loading.ContinueWith(t => Release(t.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Release(LoadedModel model)
    {
        model.Release();
        lock (gate)
            if (model.IsDisposed) live.Remove(model);
    }
}
