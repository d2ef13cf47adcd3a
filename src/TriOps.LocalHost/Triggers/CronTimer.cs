using TriOps.Activities.Triggers;
using TriOps.Core.Storage;

namespace TriOps.LocalHost.Triggers;

/// <summary>Ticks at its start and then on every full minute, and lets <see cref="MonitorTimer"/> look what is due. Of several hosts on one
/// storage the one that gets the lease ticks. A tick that was missed needs no memory: the next one finds the same window due.</summary>
public sealed class CronTimer(ILeases leases, MonitorTimer monitor, TimeProvider time, ILogger<CronTimer> log) : BackgroundService
{
    private const string LeaseName = "monitor-timer";
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    /// <summary>One tick. False: another host has it.</summary>
    public async Task<bool> TickAsync(CancellationToken ct)
    {
        await using var lease = await leases.TryAcquireAsync(LeaseName, LeaseTime, ct);
        if (lease is null) return false;
        // Longer than the lease lasts, somebody else may be at it: the rest is theirs.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LeaseTime);
        await monitor.HandleAsync(time.GetUtcNow(), limit.Token);
        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try { await TickAsync(stoppingToken); }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception e) { log.LogWarning(e, "The monitor's tick failed; the next one makes up for it"); }
            var now = time.GetUtcNow();
            try
            {
                await Task.Delay(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerMinute), time, stoppingToken);
            }
            catch (OperationCanceledException) { return; }
        }
    }
}
