using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using TriOps.Activities.Triggers;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;

namespace TriOps.LocalHost.Triggers;

/// <summary>Looks at the inbox every second and hands new and changed blobs to <see cref="InboxTrigger"/>. What was handled is remembered
/// in a table, written after the workflow was started: a crash in between hands the blob over again, which the workflow's id makes
/// harmless. A blob whose failure cannot get better is set aside with its reason; any other is tried for ever, at most ten seconds apart:
/// storage may be away, and what it has taken must not be lost for that.</summary>
public sealed class BlobPoller(IBlobs blobs, IDocuments<InboxEntry> entries, InboxTrigger trigger, TimeProvider time,
    ILogger<BlobPoller> log) : BackgroundService
{
    /// <summary>The longest pause between two tries of one blob, and between two looks.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>A try that takes longer, or a listing of which so long nothing comes, has gone astray: it is given up, and begun
    /// again.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private const int Parallel = 4;
    private const string Partition = "inbox";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal); // Name → ETag of what needs nothing more.
    private readonly ConcurrentDictionary<string, Failure> failing = new(StringComparer.Ordinal);
    private bool remembered;

    private sealed record Failure(string ETag, int Count, DateTimeOffset RetryAt);

    /// <summary>One look: hands over what is new, changed, or due for another try. Returns how many blobs were handed over.</summary>
    public async Task<int> PollOnceAsync(CancellationToken ct)
    {
        await RememberAsync(ct);
        var due = await DueAsync(ct);
        await System.Threading.Tasks.Parallel.ForEachAsync(due,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = ct }, async (blob, token) =>
            await HandleAsync(blob, token));
        return due.Count;
    }

    private async Task<IReadOnlyList<BlobInfo>> DueAsync(CancellationToken ct)
    {
        var (due, now) = (new List<BlobInfo>(), time.GetUtcNow());
        using var astray = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(astray.Token, ct);
        await foreach (var blob in blobs.ListAsync(Containers.Inbox, "", either.Token))
        {
            astray.CancelAfter(Limit); // A long listing goes on as long as something comes.
            if (known.TryGetValue(blob.Path.Name, out var etag) && etag == blob.ETag) continue;
            if (failing.TryGetValue(blob.Path.Name, out var failure) && failure.ETag == blob.ETag && failure.RetryAt > now) continue;
            due.Add(blob);
        }
        return due;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (begun, pause) = (time.GetTimestamp(), Interval);
            try
            {
                // A long listing is not repeated all the time; one that failed says nothing of how long they take.
                if (await PollOnceAsync(stoppingToken) == 0) pause = Between(time.GetElapsedTime(begun) * 4);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception e) { log.LogWarning(e, "The inbox could not be looked at; trying again"); }
            try { await Task.Delay(pause, time, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }

    private async Task RememberAsync(CancellationToken ct)
    {
        if (remembered) return;
        await foreach (var entry in entries.AllAsync(Partition, ct)) known[entry.Value.Name] = entry.Value.ETag;
        remembered = true;
    }

    private async Task HandleAsync(BlobInfo blob, CancellationToken ct)
    {
        var name = blob.Path.Name;
        using var span = TriOpsTelemetry.Source.StartActivity("inbox blob", ActivityKind.Consumer);
        span?.SetTag("triops.blob", blob.Path.ToString()).SetTag("triops.etag", blob.ETag);
        try
        {
            var start = await trigger.HandleAsync(blob, ct).WaitAsync(Limit, time, ct);
            await SettleAsync(blob,
                new InboxEntry(name, blob.ETag, InboxState.Handled, time.GetUtcNow(), WorkflowId: start.WorkflowId), ct);
            log.LogInformation("Blob {Blob} of {Length} bytes {Start}", blob.Path, blob.Length, start);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { throw; }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            await FailedAsync(blob, e, ct);
        }
    }

    private async Task FailedAsync(BlobInfo blob, Exception e, CancellationToken ct)
    {
        var name = blob.Path.Name;
        var count = failing.TryGetValue(name, out var failure) && failure.ETag == blob.ETag ? failure.Count + 1 : 1;
        if (e is not InvalidInputException)
        {
            failing[name] = new(blob.ETag, count, time.GetUtcNow() + Between(TimeSpan.FromSeconds(Math.Pow(2, Math.Min(count, 10) - 1))));
            log.LogWarning(e, "Blob {Blob}: try {Count} failed", blob.Path, count);
            return;
        }
        log.LogError(e, "Blob {Blob} is set aside; it stays where it is, and a new upload under its name is tried anew", blob.Path);
        try { await SettleAsync(blob, new InboxEntry(name, blob.ETag, InboxState.Poison, time.GetUtcNow(), Reason: e.Message), ct); }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            log.LogWarning(lost, "That {Blob} was set aside could not be written down", blob.Path);
        }
    }

    private static TimeSpan Between(TimeSpan pause) => pause < Interval ? Interval : pause > LongestPause ? LongestPause : pause;

    private async Task SettleAsync(BlobInfo blob, InboxEntry entry, CancellationToken ct)
    {
        await entries.PutAsync(new(Partition, ContentId.OfBytes(Encoding.UTF8.GetBytes(entry.Name)).Hex), entry, ct);
        known[entry.Name] = blob.ETag;
        failing.TryRemove(entry.Name, out _);
    }
}
