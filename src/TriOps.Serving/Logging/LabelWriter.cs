using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Storage;

namespace TriOps.Serving.Logging;

/// <summary>Stores what turned out to be true for predictions. Thread-safe.</summary>
public sealed class LabelWriter(IBlobs blobs, TimeProvider time)
{
    /// <summary>Most labels of a call.</summary>
    public const int MaxLabels = 10_000;

    /// <summary>Stores labels, all or none; they are durable when this returns. An id's latest report stands.</summary>
    /// <exception cref="InvalidInputException">No labels or too many, or an id or label that is empty or too long (code
    /// labels-invalid).</exception>
    public async Task WriteAsync(DeploymentRef deployment, IReadOnlyList<(string Id, string Label)> labels, CancellationToken ct)
    {
        if (labels.Count is 0 or > MaxLabels) throw Invalid($"A call takes 1 to {MaxLabels:N0} labels; got {labels.Count:N0}.");
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels[i].Id is not { Length: > 0 and <= 128 })
                throw Invalid($"Label {i} has no prediction id of 1 to 128 characters. Send the id that the prediction came with.");
            if (labels[i].Label is not { Length: > 0 and <= 1024 })
                throw Invalid($"Label {i} ('{labels[i].Id}') has no label of 1 to 1,024 characters.");
        }
        var now = time.GetUtcNow();
        var records = labels.Select(l => new LabelRecord(l.Id, l.Label, now));
        await blobs.WriteAsync(InferenceLog.Labels(deployment, now, $"{now.UtcDateTime:mmssfff}-{Guid.NewGuid():N}"),
            InferenceLog.Serialize(records), WriteMode.Replace, ct);
    }

    private static InvalidInputException Invalid(string message) => new("labels-invalid", message);
}
