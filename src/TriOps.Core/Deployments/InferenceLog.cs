using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TriOps.Core.Storage;

namespace TriOps.Core.Deployments;

/// <summary>The inference log: JSON lines in the inference-log container, one blob per writer and flush, by the hour of the answer.
/// {project}/{deployment}/requests/{yyyyMMdd}/{HH}/{name}.jsonl holds <see cref="InferenceRecord"/>s,
/// {project}/{deployment}/labels/{yyyyMMdd}/{HH}/{name}.jsonl holds <see cref="LabelRecord"/>s.</summary>
public sealed class InferenceLog(IBlobs blobs)
{
    /// <summary>Where requests answered in the hour of <paramref name="at"/> go.</summary>
    public static BlobPath Requests(DeploymentRef deployment, DateTimeOffset at, string name) =>
        new(Containers.InferenceLog, $"{Prefix(deployment, "requests", at)}{name}.jsonl");

    /// <summary>Where labels reported in the hour of <paramref name="at"/> go.</summary>
    public static BlobPath Labels(DeploymentRef deployment, DateTimeOffset at, string name) =>
        new(Containers.InferenceLog, $"{Prefix(deployment, "labels", at)}{name}.jsonl");

    /// <summary>A blob's bytes from its records.</summary>
    public static byte[] Serialize<T>(IEnumerable<T> records)
    {
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        using var writer = new Utf8JsonWriter(buffer); // One for all lines: a writer a line would cost more than the line.
        foreach (var record in records)
        {
            JsonSerializer.Serialize(writer, record, TriOpsJson.Options);
            writer.Flush();
            writer.Reset();
            buffer.Write("\n"u8);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Requests answered in [from, to), in no particular order.</summary>
    public IAsyncEnumerable<InferenceRecord> ReadRequestsAsync(DeploymentRef deployment, DateTimeOffset from, DateTimeOffset to,
        CancellationToken ct) =>
        ReadAsync<InferenceRecord>(deployment, "requests", from, to, r => r.At, ct);

    /// <summary>Every report of a label in [from, to), in no particular order.</summary>
    public IAsyncEnumerable<LabelRecord> ReadLabelReportsAsync(DeploymentRef deployment, DateTimeOffset from, DateTimeOffset to,
        CancellationToken ct) =>
        ReadAsync<LabelRecord>(deployment, "labels", from, to, r => r.At, ct);

    /// <summary>Labels reported in [from, to), latest report per id; all of them in memory.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadLabelsAsync(DeploymentRef deployment, DateTimeOffset from,
        DateTimeOffset to, CancellationToken ct)
    {
        var latest = new Dictionary<string, LabelRecord>();
        await foreach (var label in ReadLabelReportsAsync(deployment, from, to, ct))
            if (!latest.TryGetValue(label.Id, out var known) || known.At <= label.At) latest[label.Id] = label;
        return latest.ToDictionary(l => l.Key, l => l.Value.Label);
    }

    private async IAsyncEnumerable<T> ReadAsync<T>(DeploymentRef deployment, string kind, DateTimeOffset from, DateTimeOffset to,
        Func<T, DateTimeOffset> time, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var hour = Hour(from); hour < to; hour = hour.AddHours(1))
            await foreach (var blob in blobs.ListAsync(Containers.InferenceLog, Prefix(deployment, kind, hour), ct))
            {
                await using var stream = await blobs.OpenReadAsync(blob.Path, ct);
                await foreach (var record
                        in JsonSerializer.DeserializeAsyncEnumerable<T>(stream, topLevelValues: true, TriOpsJson.Options, ct))
                    if (record is not null && time(record) >= from && time(record) < to) yield return record;
            }
    }

    private static string Prefix(DeploymentRef deployment, string kind, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{deployment.Project}/{deployment.Name}/{kind}/{at.UtcDateTime:yyyyMMdd}/{at.UtcDateTime:HH}/");

    private static DateTimeOffset Hour(DateTimeOffset time) => new(time.UtcDateTime.Date.AddHours(time.UtcDateTime.Hour), TimeSpan.Zero);
}
