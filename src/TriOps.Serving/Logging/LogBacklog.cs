using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TriOps.Core.Deployments;
using TriOps.Core.Storage;

namespace TriOps.Serving.Logging;

/// <summary>Log blobs on their way to storage, oldest first, within a limit of bytes. One caller at a time.</summary>
internal sealed class LogBacklog(IBlobs blobs, long maxBytes, TimeProvider time, ILogger logger, Action<long> drop)
{
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(20), FirstWait = TimeSpan.FromSeconds(1),
        LongestWait = TimeSpan.FromSeconds(30);

    private sealed record Pending(BlobPath Path, byte[] Rented, int Length, int Records);

    private readonly string writer = Guid.NewGuid().ToString("N")[..12];
    private readonly Queue<Pending> pending = new();
    private readonly ArrayBufferWriter<byte> buffer = new(64 << 10); // Of one blob; kept, as blobs are alike.
    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };
    private long bytes;
    private long sequence;
    private int failures;
    private DateTimeOffset nextTry;

    /// <summary>Records that storage has not taken.</summary>
    public long Records => pending.Sum(p => (long)p.Records);

    /// <summary>Adds records of one deployment and hour; the oldest blobs go when they take too much room.</summary>
    public void Add(DeploymentRef deployment, DateTimeOffset at, IEnumerable<InferenceRecord> records)
    {
        var count = 0;
        buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(buffer, Unchecked); // One for all lines.
        foreach (var record in records)
        {
            json.Reset(buffer);
            LogLine.Write(json, record);
            json.Flush();
            buffer.Write("\n"u8);
            count++;
        }
        var blob = new Pending(InferenceLog.Requests(deployment, at, $"{at.UtcDateTime:mmssfff}-{writer}-{sequence++}"),
            ArrayPool<byte>.Shared.Rent(buffer.WrittenCount), buffer.WrittenCount, count);
        buffer.WrittenSpan.CopyTo(blob.Rented);
        pending.Enqueue(blob);
        bytes += blob.Length;
        // Its array is not given back: a write that was given up may still read it.
        while (bytes > maxBytes && pending.TryDequeue(out var oldest))
        {
            bytes -= oldest.Length;
            drop(oldest.Records);
        }
    }

    /// <summary>Writes what is pending, in order, until storage refuses; then waits 1, 2, 4, … 30 s before it asks storage again.</summary>
    public async Task SendAsync(CancellationToken ct)
    {
        while (time.GetUtcNow() >= nextTry && pending.TryPeek(out var blob))
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limit.CancelAfter(WriteLimit);
                await blobs.WriteAsync(blob.Path, blob.Rented.AsMemory(0, blob.Length), WriteMode.Replace, limit.Token);
                pending.Dequeue();
                bytes -= blob.Length;
                ArrayPool<byte>.Shared.Return(blob.Rented);
                if (failures > 0) logger.LogInformation("Storage takes the inference log again.");
                (failures, nextTry) = (0, default);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                var wait = TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(failures++, 10)));
                nextTry = time.GetUtcNow() + wait;
                if (failures == 1)
                    logger.LogWarning(e, "Storage does not take the inference log. Up to {Bytes} bytes are kept and sent later.", maxBytes);
            }
        }
    }
}
