using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TriOps.Core.Deployments;
using TriOps.Core.Storage;

namespace TriOps.Serving.Logging;

/// <summary>Writes the inference log off the requests' path: records wait in a bounded channel and go out as blobs every second, every
/// thousand records, and when the host stops. What finds no room is dropped and counted, never waited for. Thread-safe.</summary>
public sealed class InferenceLogWriter : IHostedService, IDisposable
{
    private static readonly TimeSpan ShutDown = TimeSpan.FromSeconds(10);

    private readonly record struct Item(DeploymentRef Deployment, InferenceRecord Record);

    private readonly Channel<Item> channel;
    private readonly LogBacklog backlog;
    private readonly ServingOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<InferenceLogWriter> logger;
    private readonly SemaphoreSlim batchReady = new(0, 1);
    private readonly SemaphoreSlim flushing = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;
    private long dropped;
    private int waiting;

    /// <summary>A writer; it flushes by itself once the host has started it.</summary>
    public InferenceLogWriter(IBlobs blobs, ServingOptions options, TimeProvider time, ILogger<InferenceLogWriter> logger)
    {
        (this.options, this.time, this.logger) = (options, time, logger);
        channel = Channel.CreateBounded<Item>(new BoundedChannelOptions(options.LogCapacity) { SingleReader = true });
        backlog = new LogBacklog(blobs, options.LogBacklogBytes, time, logger, Drop);
    }

    /// <summary>Records that were lost for want of room since the start.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Hands a record over; never waits.</summary>
    public void Write(DeploymentRef deployment, InferenceRecord record)
    {
        if (!channel.Writer.TryWrite(new Item(deployment, record)))
        {
            Drop(1);
            return;
        }
        if (Interlocked.Increment(ref waiting) == options.LogBatch) SignalBatch();
    }

    /// <summary>Writes everything handed over so far. What storage does not take is kept for the next flush.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await flushing.WaitAsync(ct);
        try
        {
            var batch = new List<Item>(options.LogBatch);
            for (var more = true; more;)
            {
                batch.Clear();
                while (batch.Count < options.LogBatch && channel.Reader.TryRead(out var item)) batch.Add(item);
                Interlocked.Add(ref waiting, -batch.Count);
                more = batch.Count == options.LogBatch;
                foreach (var group in batch.GroupBy(i => (i.Deployment, Hour: i.Record.At.UtcTicks / TimeSpan.TicksPerHour)))
                    backlog.Add(group.Key.Deployment, group.First().Record.At, group.Select(i => i.Record));
                await backlog.SendAsync(ct);
            }
        }
        finally { flushing.Release(); }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Stops the timer and writes what is left, for at most ten seconds.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await loop;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ShutDown);
        try { await FlushAsync(limit.Token); }
        catch (OperationCanceledException) { /* Reported below. */ }
        if (backlog.Records > 0)
            logger.LogWarning("The host stopped with {Records} inference records that storage did not take.", backlog.Records);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        batchReady.Dispose();
        flushing.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            using var tick = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            var timer = Task.Delay(options.LogInterval, time, tick.Token);
            await Task.WhenAny(timer, batchReady.WaitAsync(tick.Token));
            await tick.CancelAsync();
            try { await FlushAsync(stopping.Token); }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                logger.LogError(e, "Flushing the inference log failed; it is tried again in {Interval}.", options.LogInterval);
            }
        }
    }

    private void SignalBatch()
    {
        try { batchReady.Release(); }
        catch (SemaphoreFullException) { /* A flush is due already. */ }
        catch (ObjectDisposedException) { /* The host has stopped. */ }
    }

    private void Drop(long records)
    {
        ServingMetrics.LogDropped(records);
        if (Interlocked.Add(ref dropped, records) == records)
            logger.LogWarning("The inference log is full: records are dropped and counted in triops.inference_log.dropped. This is said "
                + "once; storage is too slow or away.");
    }
}
