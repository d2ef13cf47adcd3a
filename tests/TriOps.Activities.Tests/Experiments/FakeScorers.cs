using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Activities.Tests.Experiments;

/// <summary>Models that the test writes as functions from a row's numbers to its outputs.</summary>
internal sealed class FakeScorers : IScorers
{
    public Dictionary<ContentId, Func<float[], float[]>> Models { get; } = [];

    public Task<IScorer> OpenAsync(ModelFiles files, TableSignature signature, CancellationToken ct) =>
        Models.TryGetValue(files.Graph.Id, out var model)
        ? Task.FromResult<IScorer>(new Scorer(model, signature.Numbers.Count))
        : throw new InvalidInputException("model-invalid", "these bytes are no model");

    private sealed class Scorer(Func<float[], float[]> model, int width) : IScorer
    {
        public float[] Score(FeatureRows rows) =>
            [.. Enumerable.Range(0, rows.Count).SelectMany(i => model(rows.Numbers[(i * width)..((i + 1) * width)]))];
    }
}
