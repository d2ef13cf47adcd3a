using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Serving.Store;

namespace TriOps.Serving.Models;

/// <summary>Opens models on ONNX Runtime. A model is read once however many ask for it; the least recently opened leave the cache, and
/// their sessions are disposed when nobody scores with them any more. Thread-safe.</summary>
/// <remarks>A model is not trusted: its size is limited, its hash must be its address, tensors in files that are not its own are refused,
/// and no custom operators are registered.</remarks>
public sealed class OnnxScorers(ModelFolder folder, ServingOptions options, ILogger<OnnxScorers>? logger = null) : IScorers, IDisposable
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
    public async Task<IScorer> OpenAsync(ModelFiles files, TableSignature signature, CancellationToken ct)
    {
        while (true)
        {
            var model = await Find(files, signature).WaitAsync(ct);
            if (!model.Fits(signature))
                throw new InvalidInputException("model-invalid",
                    $"Model {files.Graph.Id.Short} is loaded with another signature: the two versions that name it disagree on its "
                    + $"columns or classes.");
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

    private Task<LoadedModel> Find(ModelFiles files, TableSignature signature)
    {
        var set = files.SetId();
        Entry? dropped = null;
        Task<LoadedModel> loading;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (cache.TryGetValue(set, out var node) && !node.Value.Loading.IsFaulted)
            {
                recent.Remove(node);
                recent.AddFirst(node);
                return node.Value.Loading;
            }
            if (node is not null) recent.Remove(node);
            loading = Task.Run(() => LoadAsync(files, signature));
            cache[set] = recent.AddFirst(new Entry(set, loading));
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

    private async Task<LoadedModel> LoadAsync(ModelFiles files, TableSignature signature)
    {
        var graph = await folder.FetchAsync(files, CancellationToken.None);
        var model = LoadedModel.Open(graph, files, signature, ModelPaths.File(files.Graph).ToString(), options, device.Value);
        lock (gate) live.Add(model);
        return model;
    }

    // A model that is still loading is released when it has loaded; one that failed to has nothing to release.
    private void Drop(Entry entry) =>
        entry.Loading.ContinueWith(t => Release(t.Result), CancellationToken.None,
        TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Release(LoadedModel model)
    {
        model.Release();
        lock (gate)
            if (model.IsDisposed) live.Remove(model);
    }
}
