using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Serving.Models;

/// <summary>One user's hold on a loaded model, let go when the scorer is disposed or collected. The cache keeps every model it has handed
/// out reachable, so that a finaliser never meets a half-collected session.</summary>
internal sealed class OnnxScorer(LoadedModel model, Action<LoadedModel> release) : IScorer, IDisposable
{
    private int released;

    ~OnnxScorer() => Release();

    public float[] Score(FeatureRows rows)
    {
        ObjectDisposedException.ThrowIf(released != 0, this);
        var outputs = model.Score(rows);
        GC.KeepAlive(this);
        return outputs;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref released, 1) == 0) release(model);
    }
}
